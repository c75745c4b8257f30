//! read-model.
