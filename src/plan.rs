//! From a collection to what is run: a flat list of items with what they inherit.

use crate::collection::{Event, Request, RequestAuth};
use crate::event::ItemRef;
use serde_json::{Map, Value};

/// Everything one iteration runs, in order.
#[derive(Debug, Clone)]
pub struct RunPlan {
    /// Items, depth first in document order.
    pub items: Vec<PlannedItem>,
    /// How often.
    pub iterations: u32,
}

/// An item ready to be run: inheritance resolved, nothing substituted.
#[derive(Debug, Clone)]
pub struct PlannedItem {
    /// How reports name it.
    pub item: ItemRef,
    /// The request.
    pub request: Request,
    /// The nearest auth, `None` for none.
    pub auth: Option<RequestAuth>,
    /// Scripts: collection's, then folders', then the item's own.
    pub events: Vec<Event>,
    /// `protocolProfileBehavior`, merged, the item's own winning.
    pub behavior: Map<String, Value>,
}
