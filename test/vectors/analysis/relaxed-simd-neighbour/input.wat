(module
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32)
    (drop (i32x4.trunc_sat_f32x4_s (v128.const i32x4 0 0 0 0)))
    (i32.const 0)))
