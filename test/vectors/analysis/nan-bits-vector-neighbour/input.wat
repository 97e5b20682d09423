(module
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32)
    (drop (f32.lt (f32x4.extract_lane 0 (f32x4.mul (v128.const i32x4 0 0 0 0) (v128.load (i32.const 0)))) (f32.const 1)))
    (i32.const 0)))
