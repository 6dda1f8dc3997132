mod letters;
mod themes;
