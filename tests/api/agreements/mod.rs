mod comments;
mod drafts;
mod expanding;
mod goals;
mod lists;
mod returning;
mod walks;
mod workflow;
