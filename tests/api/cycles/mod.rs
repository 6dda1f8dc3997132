mod collaboration;
mod opening;
mod overview;
mod planning;
