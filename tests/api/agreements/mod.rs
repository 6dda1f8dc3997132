mod comments;
mod drafts;
mod goals;
mod lists;
mod workflow;
