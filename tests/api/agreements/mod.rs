mod approvers;
mod at_once;
mod comments;
mod drafts;
mod goals;
mod lists;
mod walks;
mod workflow;
