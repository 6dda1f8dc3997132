mod drafts;
mod lists;
mod workflow;
