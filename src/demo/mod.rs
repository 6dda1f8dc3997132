//! The demonstration: a municipality made from the real letter of 2015, with invented roles in it.

mod letter;
mod organisation;
mod template;
