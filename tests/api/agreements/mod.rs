mod comments;
mod drafts;
mod goals;
mod lists;
mod returning;
mod walks;
mod workflow;
