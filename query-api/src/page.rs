//! Pages: a list with the cursors of its neighbours, which are there only when the neighbours are.

use serde::{Deserialize, Serialize};
use service_kit::Problem;
use utoipa::ToSchema;

/// Most items on a page.
const MOST: u16 = 100;
/// Items on a page when nobody says how many.
const USUAL: u16 = 50;

/// One page of a list, whose cursors are of type `C`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Page<T, C = String> {
    /// What stands on it.
    pub items: Vec<T>,
    /// Give this as `before` for the page before this one; absent on the first page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub before: Option<C>,
    /// Give this as `after` for the page after this one; absent on the last page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(inline)]
    pub after: Option<C>,
}

impl<T> Page<T> {
    /// A page that is the whole list.
    pub(crate) const fn whole(items: Vec<T>) -> Self {
        Self { items, before: None, after: None }
    }

    /// A page of a list that is only walked forwards.
    pub(crate) fn forwards(items: Vec<T>, more: bool, cursor: impl FnOnce(&T) -> String) -> Self {
        let after = items.last().filter(|_| more).map(cursor);
        Self { items, before: None, after }
    }
}

/// How many items are wanted.
///
/// # Errors
/// 400 for none or more than 100.
pub(crate) fn limit(wanted: Option<u16>) -> Result<usize, Problem> {
    match wanted.unwrap_or(USUAL) {
        limit @ 1..=MOST => Ok(usize::from(limit)),
        _ => Err(invalid_query()),
    }
}

/// 400 for query parameters that make no sense.
pub(crate) fn invalid_query() -> Problem {
    Problem::new(400, "invalid_query", "A query parameter is unknown or not valid.")
}
