//! The checks in their order.
