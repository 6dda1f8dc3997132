//! The agreement itself: its state, who sees it and writes in it, how it is kept, made and searched.

pub mod create;
pub mod load_many;
pub mod loaded;
pub mod model;
pub mod policy;
pub mod store;
