mod comments;
mod drafts;
mod goals;
mod lists;
mod search;
mod walks;
mod workflow;
