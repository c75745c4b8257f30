//! service-kit.
