//! One round: messages at a fixed rate, open loop, and everything that is heard of them.

use std::time::Duration;

use futures::SinkExt;
use hdrhistogram::Histogram;
use serde_json::json;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::tungstenite::Message;

use crate::crowd::{Crowd, Heard, telling};
use crate::load::CHANNEL_SIZE;
use crate::probes;

/// How long the last messages may be on their way.
const GRACE: Duration = Duration::from_secs(5);

/// What one round gave; times in microseconds from the intended send.
pub struct Round {
    pub rate: u32,
    pub sent: u64,
    pub refused: u64,
    /// Acknowledgements and deliveries that never came.
    pub lost: u64,
    pub acknowledged: Histogram<u64>,
    pub delivered: Histogram<u64>,
}

impl Round {
    pub fn delivered_p99(&self) -> Duration {
        Duration::from_micros(self.delivered.value_at_quantile(0.99))
    }
}

/// Sends at this rate for this long, the channels in turn, whatever the answers do.
pub async fn run(crowd: &mut Crowd, rate: u32, length: Duration) -> Round {
    crowd.round += 1;
    let start = Instant::now() + Duration::from_millis(50);
    let sends = u64::from(rate) * length.as_secs();
    let mut round = Round {
        rate,
        sent: 0,
        refused: 0,
        lost: 0,
        acknowledged: probes::microseconds(),
        delivered: probes::microseconds(),
    };
    for number in 0..sends {
        let intended = start + Duration::from_secs_f64(number as f64 / f64::from(rate));
        sleep_until(intended).await;
        send(crowd, number, intended).await;
        round.sent += 1;
        while let Ok(heard) = crowd.heard.try_recv() {
            round.note(heard, crowd.round);
        }
    }
    let others = CHANNEL_SIZE as u64 - 1;
    let expected = |round: &Round| (round.sent - round.refused) * (1 + others);
    while round.acknowledged.len() + round.delivered.len() < expected(&round) {
        match timeout(GRACE, crowd.heard.recv()).await {
            Ok(Some(heard)) => round.note(heard, crowd.round),
            Ok(None) | Err(_) => break,
        }
    }
    round.lost = expected(&round) - round.acknowledged.len() - round.delivered.len() + round.refused;
    round
}

async fn send(crowd: &mut Crowd, number: u64, intended: Instant) {
    let micros = u64::try_from(intended.into_std().duration_since(crowd.epoch).as_micros()).unwrap();
    let id = telling(crowd.round, micros);
    // Neighbours in time stand in different channels, and nobody speaks twice before everybody has spoken.
    let speakers = crowd.speakers.len();
    let author = &mut crowd.speakers[usize::try_from(number).unwrap() * CHANNEL_SIZE % (speakers - 1)];
    let text = "two hundred bytes of text, as people write them. ".repeat(4);
    let frame = json!({ "type": "send", "id": id, "conversation": author.channel, "text": text });
    author.sink.send(Message::text(frame.to_string())).await.unwrap();
}

impl Round {
    fn note(&mut self, heard: Heard, current: u64) {
        match heard {
            Heard::Ack { round, micros } if round == current => self.acknowledged.saturating_record(micros),
            Heard::Message { round, micros } if round == current => self.delivered.saturating_record(micros),
            Heard::Refused => self.refused += 1,
            Heard::Ack { .. } | Heard::Message { .. } => {}
        }
    }
}
