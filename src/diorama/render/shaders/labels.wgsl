// Exact labels of an image: how many samples of the subject are seen and would be seen, and the boxes that hold them.
// One workgroup per image. TEXTURE, WHERE and SAMPLES are replaced when the pipeline is built.

struct Label {
  visible: atomic<u32>,    // samples
  whole: atomic<u32>,
  left: atomic<u32>, top: atomic<u32>, right: atomic<u32>, bottom: atomic<u32>,  // pixels, inclusive
  whole_left: atomic<u32>, whole_top: atomic<u32>, whole_right: atomic<u32>, whole_bottom: atomic<u32>,
};

struct Frame { size: u32, first: u32, unused_a: u32, unused_b: u32 };

@group(0) @binding(0) var ids: TEXTURE;
@group(0) @binding(1) var<storage, read_write> labels: array<array<u32, 10>>;
@group(0) @binding(2) var<uniform> frame: Frame;

var<workgroup> found: Label;

@compute @workgroup_size(64) fn count(@builtin(workgroup_id) tile: vec3u, @builtin(local_invocation_index) t: u32) {
  if (t == 0u) {  // all of it: not every driver clears workgroup memory between workgroups
    atomicStore(&found.visible, 0u); atomicStore(&found.whole, 0u);
    atomicStore(&found.right, 0u); atomicStore(&found.bottom, 0u);
    atomicStore(&found.whole_right, 0u); atomicStore(&found.whole_bottom, 0u);
    atomicStore(&found.left, frame.size); atomicStore(&found.top, frame.size);
    atomicStore(&found.whole_left, frame.size); atomicStore(&found.whole_top, frame.size);
  }
  workgroupBarrier();
  let image = frame.first + tile.x;
  var seen = 0u;
  var whole = 0u;
  var a = vec2u(frame.size); var b = vec2u(0u);
  var wa = vec2u(frame.size); var wb = vec2u(0u);
  for (var x = t; x < frame.size; x += 64u) {
    for (var y = 0u; y < frame.size; y++) {
      let p = vec2u(x, y);
      var is_seen = 0u;
      var is_whole = 0u;
      for (var s = 0; s < SAMPLES; s++) {
        let texel = textureLoad(ids, WHERE).rg;
        is_seen += select(0u, 1u, texel.r == 2u);
        is_whole += texel.g;
      }
      seen += is_seen;
      whole += is_whole;
      let miss = select(vec2u(frame.size), vec2u(0u), is_seen > 0u);
      let hit = select(vec2u(0u), vec2u(1u), is_seen > 0u);
      a = min(a, p + miss); b = max(b, p * hit);
      let whole_miss = select(vec2u(frame.size), vec2u(0u), is_whole > 0u);
      let whole_hit = select(vec2u(0u), vec2u(1u), is_whole > 0u);
      wa = min(wa, p + whole_miss); wb = max(wb, p * whole_hit);
    }
  }
  atomicAdd(&found.visible, seen); atomicAdd(&found.whole, whole);
  atomicMin(&found.left, a.x); atomicMin(&found.top, a.y); atomicMax(&found.right, b.x); atomicMax(&found.bottom, b.y);
  atomicMin(&found.whole_left, wa.x); atomicMin(&found.whole_top, wa.y);
  atomicMax(&found.whole_right, wb.x); atomicMax(&found.whole_bottom, wb.y);
  workgroupBarrier();
  if (t == 0u) {
    labels[image] = array<u32, 10>(atomicLoad(&found.visible), atomicLoad(&found.whole),
      atomicLoad(&found.left), atomicLoad(&found.top), atomicLoad(&found.right), atomicLoad(&found.bottom),
      atomicLoad(&found.whole_left), atomicLoad(&found.whole_top), atomicLoad(&found.whole_right), atomicLoad(&found.whole_bottom));
  }
}
