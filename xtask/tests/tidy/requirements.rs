//! Every requirement that is said to be met has a test that carries its id in its name.

use crate::none;
use crate::sources;

/// The requirements met so far, by the ids of the commissioning documents.
const MET: [&str; 37] = [
    "A01", "A04", "A05", "A06", "A10", "A13", "A14", "A16", "A17", "A19", "A21", "B01", "B02", "B03", "B04", "B07",
    "B08", "B10", "B11", "B13", "B14", "B16", "B18", "B20", "C05", "C07", "C08", "C12", "D06", "D07", "D08", "D09",
    "D11", "E01", "E03", "E04", "E05",
];

#[test]
fn every_requirement_met_has_a_test_of_its_name() {
    let sources = sources::all();
    let titles: Vec<String> = sources.iter().flat_map(|source| source.text.lines()).filter_map(title).collect();
    let unproven =
        |id: &&&str| !titles.iter().any(|title| title.split([' ', '_', ':', '\'', '(']).any(|word| word == **id));
    none("no test carries", MET.iter().filter(unproven).map(ToString::to_string).collect());
}

/// The name of a test in Rust (`fn a01_…`) or TypeScript (`test('A01 …`), in upper case.
fn title(line: &str) -> Option<String> {
    let line = line.trim_start();
    let rust = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn "));
    let script = || line.strip_prefix("test(").or_else(|| line.strip_prefix("it("));
    rust.or_else(script).map(str::to_uppercase)
}
