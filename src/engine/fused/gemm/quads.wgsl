// Threads of register tiles. With QUADS the four threads of a quad share the rows of their tiles, load each a quarter of
// what they share and pass it around; so they all stay in step, whatever the size of a subgroup. Threads past the last
// tile then compute on clamped indices and store nothing.
//#if QUADS
fn run(group: u32, local: u32, lane: u32, lanes: u32) {
  work(group * WORKGROUP + local, group, lane % 4u);
}
//#end
//#ifnot QUADS
fn run(thread: u32) {
  work(thread, 0u, 0u);
}
//#end

/** Tiles in a row of `width` vec4; those of a quad lie in one row. */
fn tiles_across(width: u32) -> u32 {
  let tiles = (width + COLS - 1u) / COLS;
  //#if QUADS
  return (tiles + 3u) / 4u * 4u;
  //#end
  //#ifnot QUADS
  return tiles;
  //#end
}
