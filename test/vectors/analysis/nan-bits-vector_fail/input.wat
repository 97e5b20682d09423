(module
  (memory (export "memory") 1 16)
  (func (export "run") (param i32 i32) (result i32)
    (drop (i32x4.all_true (f32x4.add (v128.const i32x4 0 0 0 0) (v128.load (i32.const 0)))))
    (i32.const 0)))
