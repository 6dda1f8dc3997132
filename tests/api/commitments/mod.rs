mod answers;
mod life;
mod proposals;
