mod opening;
mod planning;
