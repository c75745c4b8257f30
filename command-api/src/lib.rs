//! command-api.
