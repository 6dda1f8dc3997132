mod opening;
mod overview;
mod planning;
