(module
  (memory (export "memory") 1 16))
