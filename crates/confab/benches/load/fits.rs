//! How cost grows: the slope of log(cost) over log(size), fitted to every run of every size, with its 95% interval.
//! 0 is a cost that does not grow, 1 one that grows as the size does.

use serde_json::{Value, json};

/// A slope, and how far either way it may lie.
#[derive(Debug, Clone, Copy)]
pub struct Slope {
    pub slope: f64,
    pub within: f64,
}

impl Slope {
    /// Of sizes and costs.
    pub fn of(points: &[(f64, f64)]) -> Self {
        let logs: Vec<(f64, f64)> = points.iter().map(|(size, cost)| (size.ln(), cost.ln())).collect();
        let count = logs.len() as f64;
        let mean = |pick: fn(&(f64, f64)) -> f64| logs.iter().map(pick).sum::<f64>() / count;
        let (mean_x, mean_y) = (mean(|(x, _)| *x), mean(|(_, y)| *y));
        let spread: f64 = logs.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
        let slope = logs.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum::<f64>() / spread;
        let error = |(x, y): &(f64, f64)| (y - mean_y - slope * (x - mean_x)).powi(2);
        let variance = logs.iter().map(error).sum::<f64>() / (count - 2.0);
        Self { slope, within: student(count - 2.0) * (variance / spread).sqrt() }
    }

    pub fn json(&self) -> Value {
        json!({ "slope": self.slope, "within": self.within })
    }
}

impl std::fmt::Display for Slope {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "slope {:+.3} ± {:.3}", self.slope, self.within)
    }
}

/// Two-sided 95% point of Student's distribution, from that of the normal one (Cornish and Fisher).
fn student(degrees: f64) -> f64 {
    let z = 1.959_964_f64;
    z + (z.powi(3) + z) / (4.0 * degrees) + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * degrees.powi(2))
}
