mod answers;
mod proposals;
