// y += x. Four values a thread.
fn run(thread: u32) { y[thread] += x[thread]; }
