//! confab.
