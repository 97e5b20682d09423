// Keeps a number within two bounds, given in either order. Numbers in, a number out: no memory is shared with the host.

export function clamp(value: i32, one: i32, other: i32): i32 {
  return max(min(one, other), min(max(one, other), value));
}
