;; Multiplies rows of whole numbers with a direction, sixteen numbers at a time.
;; Written out as scan.wasm by `node tools/scan-wasm.mjs`.
(module
  (import "env" "memory" (memory 1))

  ;; For each row from $row to $end, of $stride bytes (a multiple of 16), with one signed byte for each dimension:
  ;; its product with the 16-bit numbers at $direction, as a 32-bit number in the array at $out.
  (func (export "scan")
    (param $row i32) (param $end i32) (param $stride i32) (param $direction i32) (param $out i32)
    (local $at i32) (local $numbers v128) (local $sum v128) (local $factors i32)
    (block $done
      (loop $rows
        (br_if $done (i32.ge_u (local.get $row) (local.get $end)))
        (local.set $sum (v128.const i32x4 0 0 0 0))
        (local.set $at (i32.const 0))
        (local.set $factors (local.get $direction))
        (loop $parts
          (local.set $numbers (v128.load (i32.add (local.get $row) (local.get $at))))
          (local.set $sum
            (i32x4.add
              (local.get $sum)
              (i32x4.add
                (i32x4.dot_i16x8_s
                  (i16x8.extend_low_i8x16_s (local.get $numbers))
                  (v128.load (local.get $factors)))
                (i32x4.dot_i16x8_s
                  (i16x8.extend_high_i8x16_s (local.get $numbers))
                  (v128.load offset=16 (local.get $factors))))))
          (local.set $factors (i32.add (local.get $factors) (i32.const 32)))
          (local.set $at (i32.add (local.get $at) (i32.const 16)))
          (br_if $parts (i32.lt_u (local.get $at) (local.get $stride))))
        (i32.store (local.get $out)
          (i32.add
            (i32.add (i32x4.extract_lane 0 (local.get $sum)) (i32x4.extract_lane 1 (local.get $sum)))
            (i32.add (i32x4.extract_lane 2 (local.get $sum)) (i32x4.extract_lane 3 (local.get $sum)))))
        (local.set $row (i32.add (local.get $row) (local.get $stride)))
        (local.set $out (i32.add (local.get $out) (i32.const 4)))
        (br $rows)))))
