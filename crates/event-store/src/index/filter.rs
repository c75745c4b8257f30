//! A Bloom filter: says for most keys that are not in a run that they are not, without reading it.
//! About one in a hundred is looked for in vain. (B. Bloom, Communications of the ACM 13(7), 1970.)

use crate::index::Key;

const BITS_PER_KEY: u64 = 10;
const PROBES: u64 = 7;

#[derive(Debug)]
pub(crate) struct Filter(Vec<u8>);

impl Filter {
    /// An empty filter with room for so many keys.
    pub(crate) fn new(keys: u64) -> Self {
        Self(vec![0; (keys * BITS_PER_KEY).div_ceil(8).max(8) as usize])
    }

    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn add(&mut self, key: Key) {
        for bit in self.probes(key) {
            self.0[bit / 8] |= 1 << (bit % 8);
        }
    }

    pub(crate) fn may_hold(&self, key: Key) -> bool {
        self.probes(key).all(|bit| self.0[bit / 8] & 1 << (bit % 8) != 0)
    }

    /// Keys are hashes: two halves of one make all probes.
    fn probes(&self, key: Key) -> impl Iterator<Item = usize> + use<> {
        let (start, step) = (key.0 & 0xffff_ffff, key.0 >> 32 | 1);
        let bits = self.0.len() as u64 * 8;
        (0..PROBES).map(move |probe| (start.wrapping_add(probe.wrapping_mul(step)) % bits) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_found_and_few_others() {
        let name = |number: u32| Key::stream(&format!("stream-{number}"));
        let mut filter = Filter::new(10_000);
        (0..10_000).for_each(|number| filter.add(name(number)));
        assert!((0..10_000).all(|number| filter.may_hold(name(number))));
        let wrong = (10_000..20_000).filter(|number| filter.may_hold(name(*number))).count();
        assert!(wrong < 300, "{wrong} of 10,000 strangers");
    }
}
