mod publishing;
mod versions;
