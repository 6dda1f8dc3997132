mod access_tokens;
mod lockout;
mod log_in;
mod refresh;
