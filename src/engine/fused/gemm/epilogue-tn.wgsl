// Where four outputs of x^T . dy go: rows in one chunk are added to dw and db at once; otherwise each chunk is written to
// partial[chunk, k + 1, n], the last line being db, and gemm-tn-sum.wgsl adds the chunks in order.
fn put(chunk: u32, line: u32, col: u32, value: vec4f) {
  let n4 = params.n / 4u;
  //#if partial
  partial[(chunk * (params.k + 1u) + line) * n4 + col] = value;
  //#end
  //#ifnot partial
  let width = n4 / params.parts;
  if (line == params.k) {
    db[col] = select(value, value + db[col], params.accumulate == 1u);
  } else {
    let at = ((col / width) * params.k + line) * width + col % width;
    dw[at] = select(value, value + dw[at], params.accumulate == 1u);
  }
  //#end
}
