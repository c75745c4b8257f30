//! What a session does, told as given, when, then.

mod after_hello;
mod before_hello;
mod story;
