// Arrays and their text in NumPy 2.4.6, written by make_goldens.py; not to be edited.

import Tensor

let printingGoldens: [PrintingGolden] = [
  PrintingGolden(
    dtype: "float32", shape: [10], options: PrintOptions(),
    elements: """
      380fe98c3163e4d1359698ed3562efb135a521ad3ea7654335c91b4f3d6bf08e360501483f1d8ba7
      """,
    description: """
      [3.4311364e-05 3.3162915e-09 1.1220378e-06 8.4540358e-07 1.2303259e-06
       3.2694444e-01 1.4983615e-06 5.7602458e-02 1.9819290e-06 6.1541218e-01]
      """,
    debugDescription: """
      array([3.4311364e-05, 3.3162915e-09, 1.1220378e-06, 8.4540358e-07,
             1.2303259e-06, 3.2694444e-01, 1.4983615e-06, 5.7602458e-02,
             1.9819290e-06, 6.1541218e-01], dtype=float32)
      """),
  PrintingGolden(
    dtype: "uint8", shape: [10], options: PrintOptions(),
    elements: "09000003000207020505",
    description: "[9 0 0 3 0 2 7 2 5 5]",
    debugDescription: "array([9, 0, 0, 3, 0, 2, 7, 2, 5, 5], dtype=uint8)"),
  PrintingGolden(
    dtype: "float64", shape: [1000, 2], options: PrintOptions(),
    elements: """
      3fcf0f5518973a813fa39ea0880066e63fa6b2781596ffebbfad0449c3abf804bfe92d47f6d880d1
      bfe83adda190e2923f9082b45ef151e1bf76728d815024203fca664e778923863fb902a7dbcc46b6
      bfc88f13422ea22b3fb6d3a16685139f
      """,
    description: """
      [[ 0.24265541  0.0383196 ]
       [ 0.04433036 -0.05667334]
       [-0.78677748 -0.75718576]
       ...
       [ 0.0161236  -0.00548034]
       [ 0.20624715  0.09769677]
       [-0.19186631  0.08916672]]
      """,
    debugDescription: """
      array([[ 0.24265541,  0.0383196 ],
             [ 0.04433036, -0.05667334],
             [-0.78677748, -0.75718576],
             ...,
             [ 0.0161236 , -0.00548034],
             [ 0.20624715,  0.09769677],
             [-0.19186631,  0.08916672]], shape=(1000, 2))
      """),
  PrintingGolden(
    dtype: "float32", shape: [1000, 2], options: PrintOptions(),
    elements: """
      3e787aa93d1cf5043d3593c1bd68224ebf496a40bf41d6ed3c8415a3bbb3946c3e5332743dc8153f
      be44789a3db69d0b
      """,
    description: """
      [[ 0.24265541  0.0383196 ]
       [ 0.04433036 -0.05667334]
       [-0.7867775  -0.75718576]
       ...
       [ 0.0161236  -0.00548034]
       [ 0.20624715  0.09769677]
       [-0.19186631  0.08916672]]
      """,
    debugDescription: """
      array([[ 0.24265541,  0.0383196 ],
             [ 0.04433036, -0.05667334],
             [-0.7867775 , -0.75718576],
             ...,
             [ 0.0161236 , -0.00548034],
             [ 0.20624715,  0.09769677],
             [-0.19186631,  0.08916672]], shape=(1000, 2), dtype=float32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [1, 2], options: PrintOptions(),
    elements: "3f771f283d0e0d7e",
    description: "[[0.96531916 0.03468084]]",
    debugDescription: "array([[0.96531916, 0.03468084]], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3, 1], options: PrintOptions(),
    elements: "3eee55ab3f73f7cf3dcccccd",
    description: """
      [[0.46549734]
       [0.953     ]
       [0.1       ]]
      """,
    debugDescription: """
      array([[0.46549734],
             [0.953     ],
             [0.1       ]], dtype=float32)
      """),
  PrintingGolden(
    dtype: "int64", shape: [4, 1], options: PrintOptions(),
    elements: "0000000000000000000000000000000100000000000000000000000000000001",
    description: """
      [[0]
       [1]
       [0]
       [1]]
      """,
    debugDescription: """
      array([[0],
             [1],
             [0],
             [1]])
      """),
  PrintingGolden(
    dtype: "float64", shape: [10], options: PrintOptions(),
    elements: """
      00000000000000003fb999999999999a3fc999999999999a3fd33333333333333fd999999999999a
      3fe00000000000003fe33333333333333fe66666666666663fe999999999999a3feccccccccccccd
      """,
    description: "[0.  0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9]",
    debugDescription: "array([0. , 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])"),
  PrintingGolden(
    dtype: "float32", shape: [0], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [0, 3], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], shape=(0, 3), dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "3f800000",
    description: "1.0",
    debugDescription: "array(1., dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [0], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], dtype=float64)"),
  PrintingGolden(
    dtype: "float64", shape: [0, 3], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], shape=(0, 3), dtype=float64)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "3ff0000000000000",
    description: "1.0",
    debugDescription: "array(1.)"),
  PrintingGolden(
    dtype: "bool", shape: [0], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], dtype=bool)"),
  PrintingGolden(
    dtype: "bool", shape: [0, 3], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], shape=(0, 3), dtype=bool)"),
  PrintingGolden(
    dtype: "bool", shape: [], options: PrintOptions(),
    elements: "01",
    description: "True",
    debugDescription: "array(True)"),
  PrintingGolden(
    dtype: "uint8", shape: [0], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], dtype=uint8)"),
  PrintingGolden(
    dtype: "uint8", shape: [0, 3], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], shape=(0, 3), dtype=uint8)"),
  PrintingGolden(
    dtype: "uint8", shape: [], options: PrintOptions(),
    elements: "01",
    description: "1",
    debugDescription: "array(1, dtype=uint8)"),
  PrintingGolden(
    dtype: "int32", shape: [0], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], dtype=int32)"),
  PrintingGolden(
    dtype: "int32", shape: [0, 3], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], shape=(0, 3), dtype=int32)"),
  PrintingGolden(
    dtype: "int32", shape: [], options: PrintOptions(),
    elements: "00000001",
    description: "1",
    debugDescription: "array(1, dtype=int32)"),
  PrintingGolden(
    dtype: "int64", shape: [0], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], dtype=int64)"),
  PrintingGolden(
    dtype: "int64", shape: [0, 3], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], shape=(0, 3), dtype=int64)"),
  PrintingGolden(
    dtype: "int64", shape: [], options: PrintOptions(),
    elements: "0000000000000001",
    description: "1",
    debugDescription: "array(1)"),
  PrintingGolden(
    dtype: "float32", shape: [2, 0, 4], options: PrintOptions(),
    elements: "",
    description: "[]",
    debugDescription: "array([], shape=(2, 0, 4), dtype=float32)"),
  PrintingGolden(
    dtype: "bool", shape: [], options: PrintOptions(),
    elements: "00",
    description: "False",
    debugDescription: "array(False)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "40600000",
    description: "3.5",
    debugDescription: "array(3.5, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "400c000000000000",
    description: "3.5",
    debugDescription: "array(3.5)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "3dcccccd",
    description: "0.1",
    debugDescription: "array(0.1, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "3fb999999999999a",
    description: "0.1",
    debugDescription: "array(0.1)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "3eaaaaab",
    description: "0.33333334",
    debugDescription: "array(0.33333334, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "3fd5555555555555",
    description: "0.3333333333333333",
    debugDescription: "array(0.33333333)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "38d1b717",
    description: "1e-04",
    debugDescription: "array(0.0001, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "3f1a36e2eb1c432d",
    description: "0.0001",
    debugDescription: "array(0.0001)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "38cf9e38",
    description: "9.9e-05",
    debugDescription: "array(9.9e-05, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "3f19f3c70c996b76",
    description: "9.9e-05",
    debugDescription: "array(9.9e-05)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "4ceb79a3",
    description: "1.2345679e+08",
    debugDescription: "array(1.2345679e+08, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "419d6f3454000000",
    description: "123456789.0",
    debugDescription: "array(1.23456789e+08)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "497423ff",
    description: "999999.94",
    debugDescription: "array(999999.94, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "412e847fe147ae14",
    description: "999999.94",
    debugDescription: "array(999999.94)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "49742400",
    description: "1e+06",
    debugDescription: "array(1.e+06, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "412e848000000000",
    description: "1000000.0",
    debugDescription: "array(1000000.)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "5a0e1bca",
    description: "1e+16",
    debugDescription: "array(1.e+16, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "4341c37937e08000",
    description: "1e+16",
    debugDescription: "array(1.e+16)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "5a0caffd",
    description: "9.9e+15",
    debugDescription: "array(9.9e+15, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "434195ffafa36000",
    description: "9900000000000000.0",
    debugDescription: "array(9.9e+15)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "80000000",
    description: "-0.0",
    debugDescription: "array(-0., dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "8000000000000000",
    description: "-0.0",
    debugDescription: "array(-0.)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "7fc00000",
    description: "nan",
    debugDescription: "array(nan, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "7ff8000000000000",
    description: "nan",
    debugDescription: "array(nan)"),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(),
    elements: "ff800000",
    description: "-inf",
    debugDescription: "array(-inf, dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(),
    elements: "fff0000000000000",
    description: "-inf",
    debugDescription: "array(-inf)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "3f8000004000000040400000",
    description: "[1. 2. 3.]",
    debugDescription: "array([1., 2., 3.], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "3f800000c020000042c80000",
    description: "[  1.   -2.5 100. ]",
    debugDescription: "array([  1. ,  -2.5, 100. ], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "0000000080000000",
    description: "[ 0. -0.]",
    debugDescription: "array([ 0., -0.], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "800000003fc00000",
    description: "[-0.   1.5]",
    debugDescription: "array([-0. ,  1.5], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "38d1b7173a83126f",
    description: "[0.0001 0.001 ]",
    debugDescription: "array([0.0001, 0.001 ], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "38d1b68e3a83126f",
    description: "[9.9999e-05 1.0000e-03]",
    debugDescription: "array([9.9999e-05, 1.0000e-03], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "3f800000447a0000",
    description: "[   1. 1000.]",
    debugDescription: "array([   1., 1000.], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "3f800000447a0666",
    description: "[1.0000e+00 1.0001e+03]",
    debugDescription: "array([1.0000e+00, 1.0001e+03], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "497423f048f42400",
    description: "[999999. 500000.]",
    debugDescription: "array([999999., 500000.], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "4974240048f42400",
    description: "[1.e+06 5.e+05]",
    debugDescription: "array([1.e+06, 5.e+05], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "4cbebc204c3ebc20",
    description: "[1.e+08 5.e+07]",
    debugDescription: "array([1.e+08, 5.e+07], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "4cbebc204c3ebc20",
    description: "[1.e+08 5.e+07]",
    debugDescription: "array([1.e+08, 5.e+07], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "2edbe6ff000000003f800000",
    description: "[1.e-10 0.e+00 1.e+00]",
    debugDescription: "array([1.e-10, 0.e+00, 1.e+00], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "2f24ed3f50a7a358bf800000",
    description: "[ 1.50e-10  2.25e+10 -1.00e+00]",
    debugDescription: "array([ 1.50e-10,  2.25e+10, -1.00e+00], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "7149f2ca3f800000",
    description: "[1.e+30 1.e+00]",
    debugDescription: "array([1.e+30, 1.e+00], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "0da2426080000001",
    description: "[ 1.e-30 -1.e-45]",
    debugDescription: "array([ 1.e-30, -1.e-45], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "7fc000003f80000040200000",
    description: "[nan 1.  2.5]",
    debugDescription: "array([nan, 1. , 2.5], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "7f800000ff8000007fc00000",
    description: "[ inf -inf  nan]",
    debugDescription: "array([ inf, -inf,  nan], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "ff8000003fa00000",
    description: "[-inf 1.25]",
    debugDescription: "array([-inf, 1.25], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "7f8000003f000000",
    description: "[inf 0.5]",
    debugDescription: "array([inf, 0.5], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [1], options: PrintOptions(),
    elements: "7fc00000",
    description: "[nan]",
    debugDescription: "array([nan], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "501502f97fc00000ff800000",
    description: "[1.e+10    nan   -inf]",
    debugDescription: "array([1.e+10,    nan,   -inf], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "aedbe6ff7f800000",
    description: "[-1.e-10     inf]",
    debugDescription: "array([-1.e-10,     inf], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "3b0000003bc000003c200000",
    description: "[0.00195312 0.00585938 0.00976562]",
    debugDescription: "array([0.00195312, 0.00585938, 0.00976562], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "3dfcd6e93dfcd6e83f7cd6ea",
    description: "[0.12345678 0.12345678 0.9876543 ]",
    debugDescription: "array([0.12345678, 0.12345678, 0.9876543 ], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "3f8000003f800000",
    description: "[1. 1.]",
    debugDescription: "array([1., 1.], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "4a0000014a0000034b800000",
    description: "[2.0971522e+06 2.0971528e+06 1.6777216e+07]",
    debugDescription: "array([2.0971522e+06, 2.0971528e+06, 1.6777216e+07], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "3dcccccd008000013e99999a",
    description: "[1.0000000e-01 1.1754945e-38 3.0000001e-01]",
    debugDescription: "array([1.0000000e-01, 1.1754945e-38, 3.0000001e-01], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [3], options: PrintOptions(),
    elements: "0f8000006b0000006c800000",
    description: "[1.2621775e-29 1.5474251e+26 1.2379401e+27]",
    debugDescription: "array([1.2621775e-29, 1.5474251e+26, 1.2379401e+27], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "7f7ffffffeffffff",
    description: "[ 3.4028235e+38 -1.7014117e+38]",
    debugDescription: "array([ 3.4028235e+38, -1.7014117e+38], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [2], options: PrintOptions(),
    elements: "0000000100000003",
    description: "[1.e-45 4.e-45]",
    debugDescription: "array([1.e-45, 4.e-45], dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "3ff000000000000040000000000000004008000000000000",
    description: "[1. 2. 3.]",
    debugDescription: "array([1., 2., 3.])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "3ff0000000000000c0040000000000004059000000000000",
    description: "[  1.   -2.5 100. ]",
    debugDescription: "array([  1. ,  -2.5, 100. ])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "00000000000000008000000000000000",
    description: "[ 0. -0.]",
    debugDescription: "array([ 0., -0.])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "80000000000000003ff8000000000000",
    description: "[-0.   1.5]",
    debugDescription: "array([-0. ,  1.5])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "3f1a36e2eb1c432d3f50624dd2f1a9fc",
    description: "[0.0001 0.001 ]",
    debugDescription: "array([0.0001, 0.001 ])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "3f1a36d1bd105b063f50624dd2f1a9fc",
    description: "[9.9999e-05 1.0000e-03]",
    debugDescription: "array([9.9999e-05, 1.0000e-03])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "3ff0000000000000408f400000000000",
    description: "[   1. 1000.]",
    debugDescription: "array([   1., 1000.])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "3ff0000000000000408f40cccccccccd",
    description: "[1.0000e+00 1.0001e+03]",
    debugDescription: "array([1.0000e+00, 1.0001e+03])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "412e847e00000000411e848000000000",
    description: "[999999. 500000.]",
    debugDescription: "array([999999., 500000.])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "412e848000000000411e848000000000",
    description: "[1000000.  500000.]",
    debugDescription: "array([1000000.,  500000.])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "4197d783fc0000004187d78400000000",
    description: "[99999999. 50000000.]",
    debugDescription: "array([99999999., 50000000.])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "4197d784000000004187d78400000000",
    description: "[1.e+08 5.e+07]",
    debugDescription: "array([1.e+08, 5.e+07])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "3ddb7cdfd9d7bdbb00000000000000003ff0000000000000",
    description: "[1.e-10 0.e+00 1.e+00]",
    debugDescription: "array([1.e-10, 0.e+00, 1.e+00])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "3de49da7e361ce4c4214f46b04000000bff0000000000000",
    description: "[ 1.50e-10  2.25e+10 -1.00e+00]",
    debugDescription: "array([ 1.50e-10,  2.25e+10, -1.00e+00])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "46293e5939a08cea3ff0000000000000",
    description: "[1.e+30 1.e+00]",
    debugDescription: "array([1.e+30, 1.e+00])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "39b4484bfeebc2a0b696d601ad376ab9",
    description: "[ 1.e-30 -1.e-45]",
    debugDescription: "array([ 1.e-30, -1.e-45])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "7ff80000000000003ff00000000000004004000000000000",
    description: "[nan 1.  2.5]",
    debugDescription: "array([nan, 1. , 2.5])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "7ff0000000000000fff00000000000007ff8000000000000",
    description: "[ inf -inf  nan]",
    debugDescription: "array([ inf, -inf,  nan])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "fff00000000000003ff4000000000000",
    description: "[-inf 1.25]",
    debugDescription: "array([-inf, 1.25])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "7ff00000000000003fe0000000000000",
    description: "[inf 0.5]",
    debugDescription: "array([inf, 0.5])"),
  PrintingGolden(
    dtype: "float64", shape: [1], options: PrintOptions(),
    elements: "7ff8000000000000",
    description: "[nan]",
    debugDescription: "array([nan])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "4202a05f200000007ff8000000000000fff0000000000000",
    description: "[1.e+10    nan   -inf]",
    debugDescription: "array([1.e+10,    nan,   -inf])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "bddb7cdfd9d7bdbb7ff0000000000000",
    description: "[-1.e-10     inf]",
    debugDescription: "array([-1.e-10,     inf])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "3f600000000000003f780000000000003f84000000000000",
    description: "[0.00195312 0.00585938 0.00976562]",
    debugDescription: "array([0.00195312, 0.00585938, 0.00976562])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "3fbf9add260b57773fbf9adcfb1839b33fef9add3e341836",
    description: "[0.12345678 0.12345678 0.98765433]",
    debugDescription: "array([0.12345678, 0.12345678, 0.98765433])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "3feffffffd50ce243feffffffd430fb4",
    description: "[1.         0.99999999]",
    debugDescription: "array([1.        , 0.99999999])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "414000002000000041400000600000004170000000000000",
    description: "[ 2097152.25  2097152.75 16777216.  ]",
    debugDescription: "array([ 2097152.25,  2097152.75, 16777216.  ])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "3fb999999999999a381000001fc856933fd3333333333333",
    description: "[1.00000000e-01 1.17549449e-38 3.00000000e-01]",
    debugDescription: "array([1.00000000e-01, 1.17549449e-38, 3.00000000e-01])"),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(),
    elements: "39f000000000000045600000000000004590000000000000",
    description: "[1.26217745e-29 1.54742505e+26 1.23794004e+27]",
    debugDescription: "array([1.26217745e-29, 1.54742505e+26, 1.23794004e+27])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "7fefffffffffffffffdfffffffffffff",
    description: "[ 1.79769313e+308 -8.98846567e+307]",
    debugDescription: "array([ 1.79769313e+308, -8.98846567e+307])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "00000000000000010000000000000003",
    description: "[4.9e-324 1.5e-323]",
    debugDescription: "array([4.9e-324, 1.5e-323])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(),
    elements: "2b2bff2ee48e05303ff0000000000000",
    description: "[1.e-100 1.e+000]",
    debugDescription: "array([1.e-100, 1.e+000])"),
  PrintingGolden(
    dtype: "float64", shape: [4], options: PrintOptions(),
    elements: "7fefffffffffffff00000000000000017ff8000000000000fff0000000000000",
    description: "[1.79769313e+308 4.94065646e-324             nan            -inf]",
    debugDescription: "array([1.79769313e+308, 4.94065646e-324,             nan,            -inf])"),
  PrintingGolden(
    dtype: "float32", shape: [1], options: PrintOptions(),
    elements: "3f6246d2",
    description: "[0.88389313]",
    debugDescription: "array([0.88389313], dtype=float32)"),
  PrintingGolden(
    dtype: "int32", shape: [1], options: PrintOptions(),
    elements: "000001a8",
    description: "[424]",
    debugDescription: "array([424], dtype=int32)"),
  PrintingGolden(
    dtype: "float32", shape: [7], options: PrintOptions(),
    elements: "3e4890d73e07f2cb3efd0dc93eeb80f93e12c2b2be860c7c3dca03c1",
    description: """
      [ 0.19586502  0.13276212  0.4942458   0.45996836  0.14332083 -0.261814
        0.09863997]
      """,
    debugDescription: """
      array([ 0.19586502,  0.13276212,  0.4942458 ,  0.45996836,  0.14332083,
             -0.261814  ,  0.09863997], dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [7], options: PrintOptions(),
    elements: "0000012600000107000001df0000011c00000109000000f2000000f2",
    description: "[294 263 479 284 265 242 242]",
    debugDescription: "array([294, 263, 479, 284, 265, 242, 242], dtype=int32)"),
  PrintingGolden(
    dtype: "float32", shape: [30], options: PrintOptions(),
    elements: """
      3f00caf43ed0158f3ea59caebefca05abf4ac19dbf57a56dbfa3c6be3e7b9cc2bd35059b3fc8a82f
      3f868abb3ed00f86be2cb190c04c24173f8f607e3faa987abe792dccbe0526c5bddf44803fc7311e
      3e03de79c00448e3bf62afaebf8d62dc3f6ed0544003d463bf6f5818bfce76773f06ee0bbfc68a78
      """,
    description: """
      [ 0.5030968   0.40641448  0.323461   -0.4934109  -0.7920168  -0.84236795
       -1.2795026   0.24571517 -0.0441948   1.5676326   1.0511087   0.40636843
       -0.1686461  -3.1897027   1.1201322   1.3327782  -0.24333876 -0.1300307
       -0.10901737  1.5561864   0.12877835 -2.0669487  -0.88549316 -1.1045794
        0.93286633  2.059838   -0.93493795 -1.6129903   0.52706975 -1.5511007 ]
      """,
    debugDescription: """
      array([ 0.5030968 ,  0.40641448,  0.323461  , -0.4934109 , -0.7920168 ,
             -0.84236795, -1.2795026 ,  0.24571517, -0.0441948 ,  1.5676326 ,
              1.0511087 ,  0.40636843, -0.1686461 , -3.1897027 ,  1.1201322 ,
              1.3327782 , -0.24333876, -0.1300307 , -0.10901737,  1.5561864 ,
              0.12877835, -2.0669487 , -0.88549316, -1.1045794 ,  0.93286633,
              2.059838  , -0.93493795, -1.6129903 ,  0.52706975, -1.5511007 ],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [30], options: PrintOptions(),
    elements: """
      000001db0000015efffffe5affffff7ffffffe96fffffef6ffffffad000000e10000007effffff1d
      00000134fffffe5e0000013600000148000001e0fffffe870000008bfffffeaa0000013000000094
      00000102fffffebc0000011fffffff000000013c00000109000000ebffffffc100000116ffffff32
      """,
    description: """
      [ 475  350 -422 -129 -362 -266  -83  225  126 -227  308 -418  310  328
        480 -377  139 -342  304  148  258 -324  287 -256  316  265  235  -63
        278 -206]
      """,
    debugDescription: """
      array([ 475,  350, -422, -129, -362, -266,  -83,  225,  126, -227,  308,
             -418,  310,  328,  480, -377,  139, -342,  304,  148,  258, -324,
              287, -256,  316,  265,  235,  -63,  278, -206], dtype=int32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [1, 1], options: PrintOptions(),
    elements: "3fa65894",
    description: "[[1.2995782]]",
    debugDescription: "array([[1.2995782]], dtype=float32)"),
  PrintingGolden(
    dtype: "int32", shape: [1, 1], options: PrintOptions(),
    elements: "000001eb",
    description: "[[491]]",
    debugDescription: "array([[491]], dtype=int32)"),
  PrintingGolden(
    dtype: "float32", shape: [3, 4], options: PrintOptions(),
    elements: """
      3f1039033f7241893fb5b6533f525af0be790c09bfd74a46bf9a2e9abf0c5f733e983535bf19d587
      3f692e743fb733e9
      """,
    description: """
      [[ 0.5633699   0.9463125   1.4196266   0.8217001 ]
       [-0.24320997 -1.6819541  -1.2045472  -0.54833144]
       [ 0.29728094 -0.6009144   0.91086507  1.4312717 ]]
      """,
    debugDescription: """
      array([[ 0.5633699 ,  0.9463125 ,  1.4196266 ,  0.8217001 ],
             [-0.24320997, -1.6819541 , -1.2045472 , -0.54833144],
             [ 0.29728094, -0.6009144 ,  0.91086507,  1.4312717 ]],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [3, 4], options: PrintOptions(),
    elements: """
      00000101ffffff08fffffea500000182fffffe3500000095ffffff01fffffece0000009b00000105
      ffffff82fffffecd
      """,
    description: """
      [[ 257 -248 -347  386]
       [-459  149 -255 -306]
       [ 155  261 -126 -307]]
      """,
    debugDescription: """
      array([[ 257, -248, -347,  386],
             [-459,  149, -255, -306],
             [ 155,  261, -126, -307]], dtype=int32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [2, 12], options: PrintOptions(),
    elements: """
      3e854c853ed526e33e989d313eb928333eef5c5fbf506184c011893bbe0d57b2bfa6e65ebfc12279
      c013540e3de51da63d01e456bf052f8f3e70e542bf3752aabf968f5e3fa0ce67bee727fcbf4d0f7a
      3dffa15d3ffd9057bec737c5be72141b
      """,
    description: """
      [[ 0.26034942  0.4163123   0.29807428  0.36163482  0.4675016  -0.813988
        -2.274001   -0.13802984 -1.3039052  -1.5088645  -2.3020053   0.11187296]
       [ 0.0317119  -0.52025694  0.23524955 -0.7161051  -1.1762502   1.2562989
        -0.45147693 -0.8010174   0.12481949  1.9809674  -0.38909736 -0.23640482]]
      """,
    debugDescription: """
      array([[ 0.26034942,  0.4163123 ,  0.29807428,  0.36163482,  0.4675016 ,
              -0.813988  , -2.274001  , -0.13802984, -1.3039052 , -1.5088645 ,
              -2.3020053 ,  0.11187296],
             [ 0.0317119 , -0.52025694,  0.23524955, -0.7161051 , -1.1762502 ,
               1.2562989 , -0.45147693, -0.8010174 ,  0.12481949,  1.9809674 ,
              -0.38909736, -0.23640482]], dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [2, 12], options: PrintOptions(),
    elements: """
      00000193fffffe17fffffe89000001e100000027fffffed3000001a30000003100000142fffffead
      fffffe92ffffff98fffffeb0fffffee8fffffe920000004cfffffe930000013afffffe8efffffea6
      000001d20000003e000000d7ffffff1f
      """,
    description: """
      [[ 403 -489 -375  481   39 -301  419   49  322 -339 -366 -104]
       [-336 -280 -366   76 -365  314 -370 -346  466   62  215 -225]]
      """,
    debugDescription: """
      array([[ 403, -489, -375,  481,   39, -301,  419,   49,  322, -339, -366,
              -104],
             [-336, -280, -366,   76, -365,  314, -370, -346,  466,   62,  215,
              -225]], dtype=int32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [2, 3, 4], options: PrintOptions(),
    elements: """
      3f89fdb33f40979bbfaadeaf3f2d38423f54c359bebae8cf3efe58ab3e944119bef0bf473fcd912b
      be1d5987bfe4a12cbde4ac953fc4d185bf840c89bdd8b4834000a23a3c3803a9bf8b726dbfc1db7f
      bf0f4c843f5774933e80cb8a3f533f4d
      """,
    description: """
      [[[ 1.0780548   0.7523133  -1.3349208   0.6766397 ]
        [ 0.83110577 -0.36505744  0.49677023  0.28955916]
        [-0.47020933  1.6059927  -0.15366183 -1.7861686 ]]

       [[-0.1116573   1.537644   -1.0316325  -0.10581305]
        [ 2.0099015   0.01123134 -1.0894295  -1.514511  ]
        [-0.5597613   0.84162253  0.25155288  0.82518464]]]
      """,
    debugDescription: """
      array([[[ 1.0780548 ,  0.7523133 , -1.3349208 ,  0.6766397 ],
              [ 0.83110577, -0.36505744,  0.49677023,  0.28955916],
              [-0.47020933,  1.6059927 , -0.15366183, -1.7861686 ]],

             [[-0.1116573 ,  1.537644  , -1.0316325 , -0.10581305],
              [ 2.0099015 ,  0.01123134, -1.0894295 , -1.514511  ],
              [-0.5597613 ,  0.84162253,  0.25155288,  0.82518464]]],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [2, 3, 4], options: PrintOptions(),
    elements: """
      000001c2000000e8fffffe88fffffe11ffffffa6fffffe1bffffffe7fffffec300000196fffffe51
      ffffff9d000001dbfffffe3cfffffe61000000840000013200000042000001e2000001b2ffffffd3
      ffffff7cfffffefd000000ad00000123
      """,
    description: """
      [[[ 450  232 -376 -495]
        [ -90 -485  -25 -317]
        [ 406 -431  -99  475]]

       [[-452 -415  132  306]
        [  66  482  434  -45]
        [-132 -259  173  291]]]
      """,
    debugDescription: """
      array([[[ 450,  232, -376, -495],
              [ -90, -485,  -25, -317],
              [ 406, -431,  -99,  475]],

             [[-452, -415,  132,  306],
              [  66,  482,  434,  -45],
              [-132, -259,  173,  291]]], dtype=int32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [2, 1, 2, 3], options: PrintOptions(),
    elements: """
      3fe93e07bf17cdc1401ef8123e6eadb73e2c92123df32ddb3ebb799c3fa2fe7ebe7d9c89bf9f101d
      3eff4d99bf859f59
      """,
    description: """
      [[[[ 1.8222054  -0.5929833   2.483891  ]
         [ 0.23308454  0.16852596  0.11873981]]]


       [[[ 0.36616218  1.2733915  -0.24766745]
         [-1.2426792   0.4986389  -1.0439254 ]]]]
      """,
    debugDescription: """
      array([[[[ 1.8222054 , -0.5929833 ,  2.483891  ],
               [ 0.23308454,  0.16852596,  0.11873981]]],


             [[[ 0.36616218,  1.2733915 , -0.24766745],
               [-1.2426792 ,  0.4986389 , -1.0439254 ]]]], dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [2, 1, 2, 3], options: PrintOptions(),
    elements: """
      fffffee0ffffff2dfffffeef000000a100000078fffffed0000000920000019efffffe7dffffffef
      ffffff0bfffffe7c
      """,
    description: """
      [[[[-288 -211 -273]
         [ 161  120 -304]]]


       [[[ 146  414 -387]
         [ -17 -245 -388]]]]
      """,
    debugDescription: """
      array([[[[-288, -211, -273],
               [ 161,  120, -304]]],


             [[[ 146,  414, -387],
               [ -17, -245, -388]]]], dtype=int32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [1, 1, 1, 1, 2], options: PrintOptions(),
    elements: "be8bba71be92603a",
    description: "[[[[[-0.2729068 -0.2858904]]]]]",
    debugDescription: "array([[[[[-0.2729068, -0.2858904]]]]], dtype=float32)"),
  PrintingGolden(
    dtype: "int32", shape: [1, 1, 1, 1, 2], options: PrintOptions(),
    elements: "00000114000000d4",
    description: "[[[[[276 212]]]]]",
    debugDescription: "array([[[[[276, 212]]]]], dtype=int32)"),
  PrintingGolden(
    dtype: "float32", shape: [1001], options: PrintOptions(),
    elements: "000000003f80000040000000447980004479c000447a0000",
    description: "[   0.    1.    2. ...  998.  999. 1000.]",
    debugDescription: """
      array([   0.,    1.,    2., ...,  998.,  999., 1000.],
            shape=(1001,), dtype=float32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [40, 30], options: PrintOptions(),
    elements: """
      000000003f8000004000000041d8000041e0000041e8000041f0000041f800004200000042640000
      42680000426c000042700000427400004278000042ae000042b0000042b20000448ac000448ae000
      448b0000448e2000448e4000448e6000448e8000448ea000448ec0004491e0004492000044922000
      4492400044926000449280004495a0004495c0004495e000
      """,
    description: """
      [[0.000e+00 1.000e+00 2.000e+00 ... 2.700e+01 2.800e+01 2.900e+01]
       [3.000e+01 3.100e+01 3.200e+01 ... 5.700e+01 5.800e+01 5.900e+01]
       [6.000e+01 6.100e+01 6.200e+01 ... 8.700e+01 8.800e+01 8.900e+01]
       ...
       [1.110e+03 1.111e+03 1.112e+03 ... 1.137e+03 1.138e+03 1.139e+03]
       [1.140e+03 1.141e+03 1.142e+03 ... 1.167e+03 1.168e+03 1.169e+03]
       [1.170e+03 1.171e+03 1.172e+03 ... 1.197e+03 1.198e+03 1.199e+03]]
      """,
    debugDescription: """
      array([[0.000e+00, 1.000e+00, 2.000e+00, ..., 2.700e+01, 2.800e+01,
              2.900e+01],
             [3.000e+01, 3.100e+01, 3.200e+01, ..., 5.700e+01, 5.800e+01,
              5.900e+01],
             [6.000e+01, 6.100e+01, 6.200e+01, ..., 8.700e+01, 8.800e+01,
              8.900e+01],
             ...,
             [1.110e+03, 1.111e+03, 1.112e+03, ..., 1.137e+03, 1.138e+03,
              1.139e+03],
             [1.140e+03, 1.141e+03, 1.142e+03, ..., 1.167e+03, 1.168e+03,
              1.169e+03],
             [1.170e+03, 1.171e+03, 1.172e+03, ..., 1.197e+03, 1.198e+03,
              1.199e+03]], shape=(40, 30), dtype=float32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [7, 3, 50], options: PrintOptions(),
    elements: """
      000000003f80000040000000423c0000424000004244000042480000424c00004250000042c20000
      42c4000042c6000042c8000042ca000042cc00004313000043140000431500004316000043170000
      431800004345000043460000434700004348000043490000434a0000437700004378000043790000
      437a0000437b0000437c000043948000439500004395800043960000439680004397000043ad8000
      43ae000043ae800043af000043af800043b0000043c6800043c7000043c7800043c8000043c88000
      43c9000043df800043e0000043e080004416000044164000441680004421c0004422000044224000
      442280004422c00044230000442e4000442e8000442ec000442f0000442f4000442f8000443ac000
      443b0000443b4000443b8000443bc000443c000044474000444780004447c0004448000044484000
      444880004453c0004454000044544000445480004454c0004455000044604000446080004460c000
      446100004461400044618000446cc000446d0000446d4000446d8000446dc000446e000044794000
      447980004479c000447a0000447a4000447a80004482e0004483000044832000
      """,
    description: """
      [[[0.000e+00 1.000e+00 2.000e+00 ... 4.700e+01 4.800e+01 4.900e+01]
        [5.000e+01 5.100e+01 5.200e+01 ... 9.700e+01 9.800e+01 9.900e+01]
        [1.000e+02 1.010e+02 1.020e+02 ... 1.470e+02 1.480e+02 1.490e+02]]

       [[1.500e+02 1.510e+02 1.520e+02 ... 1.970e+02 1.980e+02 1.990e+02]
        [2.000e+02 2.010e+02 2.020e+02 ... 2.470e+02 2.480e+02 2.490e+02]
        [2.500e+02 2.510e+02 2.520e+02 ... 2.970e+02 2.980e+02 2.990e+02]]

       [[3.000e+02 3.010e+02 3.020e+02 ... 3.470e+02 3.480e+02 3.490e+02]
        [3.500e+02 3.510e+02 3.520e+02 ... 3.970e+02 3.980e+02 3.990e+02]
        [4.000e+02 4.010e+02 4.020e+02 ... 4.470e+02 4.480e+02 4.490e+02]]

       ...

       [[6.000e+02 6.010e+02 6.020e+02 ... 6.470e+02 6.480e+02 6.490e+02]
        [6.500e+02 6.510e+02 6.520e+02 ... 6.970e+02 6.980e+02 6.990e+02]
        [7.000e+02 7.010e+02 7.020e+02 ... 7.470e+02 7.480e+02 7.490e+02]]

       [[7.500e+02 7.510e+02 7.520e+02 ... 7.970e+02 7.980e+02 7.990e+02]
        [8.000e+02 8.010e+02 8.020e+02 ... 8.470e+02 8.480e+02 8.490e+02]
        [8.500e+02 8.510e+02 8.520e+02 ... 8.970e+02 8.980e+02 8.990e+02]]

       [[9.000e+02 9.010e+02 9.020e+02 ... 9.470e+02 9.480e+02 9.490e+02]
        [9.500e+02 9.510e+02 9.520e+02 ... 9.970e+02 9.980e+02 9.990e+02]
        [1.000e+03 1.001e+03 1.002e+03 ... 1.047e+03 1.048e+03 1.049e+03]]]
      """,
    debugDescription: """
      array([[[0.000e+00, 1.000e+00, 2.000e+00, ..., 4.700e+01, 4.800e+01,
               4.900e+01],
              [5.000e+01, 5.100e+01, 5.200e+01, ..., 9.700e+01, 9.800e+01,
               9.900e+01],
              [1.000e+02, 1.010e+02, 1.020e+02, ..., 1.470e+02, 1.480e+02,
               1.490e+02]],

             [[1.500e+02, 1.510e+02, 1.520e+02, ..., 1.970e+02, 1.980e+02,
               1.990e+02],
              [2.000e+02, 2.010e+02, 2.020e+02, ..., 2.470e+02, 2.480e+02,
               2.490e+02],
              [2.500e+02, 2.510e+02, 2.520e+02, ..., 2.970e+02, 2.980e+02,
               2.990e+02]],

             [[3.000e+02, 3.010e+02, 3.020e+02, ..., 3.470e+02, 3.480e+02,
               3.490e+02],
              [3.500e+02, 3.510e+02, 3.520e+02, ..., 3.970e+02, 3.980e+02,
               3.990e+02],
              [4.000e+02, 4.010e+02, 4.020e+02, ..., 4.470e+02, 4.480e+02,
               4.490e+02]],

             ...,

             [[6.000e+02, 6.010e+02, 6.020e+02, ..., 6.470e+02, 6.480e+02,
               6.490e+02],
              [6.500e+02, 6.510e+02, 6.520e+02, ..., 6.970e+02, 6.980e+02,
               6.990e+02],
              [7.000e+02, 7.010e+02, 7.020e+02, ..., 7.470e+02, 7.480e+02,
               7.490e+02]],

             [[7.500e+02, 7.510e+02, 7.520e+02, ..., 7.970e+02, 7.980e+02,
               7.990e+02],
              [8.000e+02, 8.010e+02, 8.020e+02, ..., 8.470e+02, 8.480e+02,
               8.490e+02],
              [8.500e+02, 8.510e+02, 8.520e+02, ..., 8.970e+02, 8.980e+02,
               8.990e+02]],

             [[9.000e+02, 9.010e+02, 9.020e+02, ..., 9.470e+02, 9.480e+02,
               9.490e+02],
              [9.500e+02, 9.510e+02, 9.520e+02, ..., 9.970e+02, 9.980e+02,
               9.990e+02],
              [1.000e+03, 1.001e+03, 1.002e+03, ..., 1.047e+03, 1.048e+03,
               1.049e+03]]], shape=(7, 3, 50), dtype=float32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [2, 900], options: PrintOptions(),
    elements: """
      000000003f8000004000000044604000446080004460c00044610000446140004461800044e0a000
      44e0c00044e0e000
      """,
    description: """
      [[0.000e+00 1.000e+00 2.000e+00 ... 8.970e+02 8.980e+02 8.990e+02]
       [9.000e+02 9.010e+02 9.020e+02 ... 1.797e+03 1.798e+03 1.799e+03]]
      """,
    debugDescription: """
      array([[0.000e+00, 1.000e+00, 2.000e+00, ..., 8.970e+02, 8.980e+02,
              8.990e+02],
             [9.000e+02, 9.010e+02, 9.020e+02, ..., 1.797e+03, 1.798e+03,
              1.799e+03]], shape=(2, 900), dtype=float32)
      """),
  PrintingGolden(
    dtype: "int64", shape: [1001], options: PrintOptions(),
    elements: """
      00000000000000000000000000000001000000000000000200000000000003e600000000000003e7
      00000000000003e8
      """,
    description: "[   0    1    2 ...  998  999 1000]",
    debugDescription: "array([   0,    1,    2, ...,  998,  999, 1000], shape=(1001,))"),
  PrintingGolden(
    dtype: "int64", shape: [40, 30], options: PrintOptions(),
    elements: """
      000000000000000000000000000000010000000000000002000000000000001b000000000000001c
      000000000000001d000000000000001e000000000000001f00000000000000200000000000000039
      000000000000003a000000000000003b000000000000003c000000000000003d000000000000003e
      00000000000000570000000000000058000000000000005900000000000004560000000000000457
      00000000000004580000000000000471000000000000047200000000000004730000000000000474
      00000000000004750000000000000476000000000000048f00000000000004900000000000000491
      00000000000004920000000000000493000000000000049400000000000004ad00000000000004ae
      00000000000004af
      """,
    description: """
      [[   0    1    2 ...   27   28   29]
       [  30   31   32 ...   57   58   59]
       [  60   61   62 ...   87   88   89]
       ...
       [1110 1111 1112 ... 1137 1138 1139]
       [1140 1141 1142 ... 1167 1168 1169]
       [1170 1171 1172 ... 1197 1198 1199]]
      """,
    debugDescription: """
      array([[   0,    1,    2, ...,   27,   28,   29],
             [  30,   31,   32, ...,   57,   58,   59],
             [  60,   61,   62, ...,   87,   88,   89],
             ...,
             [1110, 1111, 1112, ..., 1137, 1138, 1139],
             [1140, 1141, 1142, ..., 1167, 1168, 1169],
             [1170, 1171, 1172, ..., 1197, 1198, 1199]], shape=(40, 30))
      """),
  PrintingGolden(
    dtype: "int64", shape: [7, 3, 50], options: PrintOptions(),
    elements: """
      000000000000000000000000000000010000000000000002000000000000002f0000000000000030
      00000000000000310000000000000032000000000000003300000000000000340000000000000061
      00000000000000620000000000000063000000000000006400000000000000650000000000000066
      00000000000000930000000000000094000000000000009500000000000000960000000000000097
      000000000000009800000000000000c500000000000000c600000000000000c700000000000000c8
      00000000000000c900000000000000ca00000000000000f700000000000000f800000000000000f9
      00000000000000fa00000000000000fb00000000000000fc0000000000000129000000000000012a
      000000000000012b000000000000012c000000000000012d000000000000012e000000000000015b
      000000000000015c000000000000015d000000000000015e000000000000015f0000000000000160
      000000000000018d000000000000018e000000000000018f00000000000001900000000000000191
      000000000000019200000000000001bf00000000000001c000000000000001c10000000000000258
      0000000000000259000000000000025a000000000000028700000000000002880000000000000289
      000000000000028a000000000000028b000000000000028c00000000000002b900000000000002ba
      00000000000002bb00000000000002bc00000000000002bd00000000000002be00000000000002eb
      00000000000002ec00000000000002ed00000000000002ee00000000000002ef00000000000002f0
      000000000000031d000000000000031e000000000000031f00000000000003200000000000000321
      0000000000000322000000000000034f000000000000035000000000000003510000000000000352
      00000000000003530000000000000354000000000000038100000000000003820000000000000383
      00000000000003840000000000000385000000000000038600000000000003b300000000000003b4
      00000000000003b500000000000003b600000000000003b700000000000003b800000000000003e5
      00000000000003e600000000000003e700000000000003e800000000000003e900000000000003ea
      000000000000041700000000000004180000000000000419
      """,
    description: """
      [[[   0    1    2 ...   47   48   49]
        [  50   51   52 ...   97   98   99]
        [ 100  101  102 ...  147  148  149]]

       [[ 150  151  152 ...  197  198  199]
        [ 200  201  202 ...  247  248  249]
        [ 250  251  252 ...  297  298  299]]

       [[ 300  301  302 ...  347  348  349]
        [ 350  351  352 ...  397  398  399]
        [ 400  401  402 ...  447  448  449]]

       ...

       [[ 600  601  602 ...  647  648  649]
        [ 650  651  652 ...  697  698  699]
        [ 700  701  702 ...  747  748  749]]

       [[ 750  751  752 ...  797  798  799]
        [ 800  801  802 ...  847  848  849]
        [ 850  851  852 ...  897  898  899]]

       [[ 900  901  902 ...  947  948  949]
        [ 950  951  952 ...  997  998  999]
        [1000 1001 1002 ... 1047 1048 1049]]]
      """,
    debugDescription: """
      array([[[   0,    1,    2, ...,   47,   48,   49],
              [  50,   51,   52, ...,   97,   98,   99],
              [ 100,  101,  102, ...,  147,  148,  149]],

             [[ 150,  151,  152, ...,  197,  198,  199],
              [ 200,  201,  202, ...,  247,  248,  249],
              [ 250,  251,  252, ...,  297,  298,  299]],

             [[ 300,  301,  302, ...,  347,  348,  349],
              [ 350,  351,  352, ...,  397,  398,  399],
              [ 400,  401,  402, ...,  447,  448,  449]],

             ...,

             [[ 600,  601,  602, ...,  647,  648,  649],
              [ 650,  651,  652, ...,  697,  698,  699],
              [ 700,  701,  702, ...,  747,  748,  749]],

             [[ 750,  751,  752, ...,  797,  798,  799],
              [ 800,  801,  802, ...,  847,  848,  849],
              [ 850,  851,  852, ...,  897,  898,  899]],

             [[ 900,  901,  902, ...,  947,  948,  949],
              [ 950,  951,  952, ...,  997,  998,  999],
              [1000, 1001, 1002, ..., 1047, 1048, 1049]]], shape=(7, 3, 50))
      """),
  PrintingGolden(
    dtype: "int64", shape: [2, 900], options: PrintOptions(),
    elements: """
      00000000000000000000000000000001000000000000000200000000000003810000000000000382
      00000000000003830000000000000384000000000000038500000000000003860000000000000705
      00000000000007060000000000000707
      """,
    description: """
      [[   0    1    2 ...  897  898  899]
       [ 900  901  902 ... 1797 1798 1799]]
      """,
    debugDescription: """
      array([[   0,    1,    2, ...,  897,  898,  899],
             [ 900,  901,  902, ..., 1797, 1798, 1799]], shape=(2, 900))
      """),
  PrintingGolden(
    dtype: "uint8", shape: [6, 6, 6], options: PrintOptions(threshold: 100),
    elements: """
      00010203040506070809000102030405060708090001020304050607080900010203040506070809
      00010203040506070809000102030405060708090001020304050607080900010203040506070809
      00010203040506070809000102030405060708090001020304050607080900010203040506070809
      00010203040506070809000102030405060708090001020304050607080900010203040506070809
      00010203040506070809000102030405060708090001020304050607080900010203040506070809
      00010203040506070809000102030405
      """,
    description: """
      [[[0 1 2 3 4 5]
        [6 7 8 9 0 1]
        [2 3 4 5 6 7]
        [8 9 0 1 2 3]
        [4 5 6 7 8 9]
        [0 1 2 3 4 5]]

       [[6 7 8 9 0 1]
        [2 3 4 5 6 7]
        [8 9 0 1 2 3]
        [4 5 6 7 8 9]
        [0 1 2 3 4 5]
        [6 7 8 9 0 1]]

       [[2 3 4 5 6 7]
        [8 9 0 1 2 3]
        [4 5 6 7 8 9]
        [0 1 2 3 4 5]
        [6 7 8 9 0 1]
        [2 3 4 5 6 7]]

       [[8 9 0 1 2 3]
        [4 5 6 7 8 9]
        [0 1 2 3 4 5]
        [6 7 8 9 0 1]
        [2 3 4 5 6 7]
        [8 9 0 1 2 3]]

       [[4 5 6 7 8 9]
        [0 1 2 3 4 5]
        [6 7 8 9 0 1]
        [2 3 4 5 6 7]
        [8 9 0 1 2 3]
        [4 5 6 7 8 9]]

       [[0 1 2 3 4 5]
        [6 7 8 9 0 1]
        [2 3 4 5 6 7]
        [8 9 0 1 2 3]
        [4 5 6 7 8 9]
        [0 1 2 3 4 5]]]
      """,
    debugDescription: """
      array([[[0, 1, 2, 3, 4, 5],
              [6, 7, 8, 9, 0, 1],
              [2, 3, 4, 5, 6, 7],
              [8, 9, 0, 1, 2, 3],
              [4, 5, 6, 7, 8, 9],
              [0, 1, 2, 3, 4, 5]],

             [[6, 7, 8, 9, 0, 1],
              [2, 3, 4, 5, 6, 7],
              [8, 9, 0, 1, 2, 3],
              [4, 5, 6, 7, 8, 9],
              [0, 1, 2, 3, 4, 5],
              [6, 7, 8, 9, 0, 1]],

             [[2, 3, 4, 5, 6, 7],
              [8, 9, 0, 1, 2, 3],
              [4, 5, 6, 7, 8, 9],
              [0, 1, 2, 3, 4, 5],
              [6, 7, 8, 9, 0, 1],
              [2, 3, 4, 5, 6, 7]],

             [[8, 9, 0, 1, 2, 3],
              [4, 5, 6, 7, 8, 9],
              [0, 1, 2, 3, 4, 5],
              [6, 7, 8, 9, 0, 1],
              [2, 3, 4, 5, 6, 7],
              [8, 9, 0, 1, 2, 3]],

             [[4, 5, 6, 7, 8, 9],
              [0, 1, 2, 3, 4, 5],
              [6, 7, 8, 9, 0, 1],
              [2, 3, 4, 5, 6, 7],
              [8, 9, 0, 1, 2, 3],
              [4, 5, 6, 7, 8, 9]],

             [[0, 1, 2, 3, 4, 5],
              [6, 7, 8, 9, 0, 1],
              [2, 3, 4, 5, 6, 7],
              [8, 9, 0, 1, 2, 3],
              [4, 5, 6, 7, 8, 9],
              [0, 1, 2, 3, 4, 5]]], shape=(6, 6, 6), dtype=uint8)
      """),
  PrintingGolden(
    dtype: "float32", shape: [1, 1, 2, 501], options: PrintOptions(),
    elements: """
      3d4a17da3efbd06a3dc868ee3f4843d23f65a9443efa9d003de547403ef3a0353f530d613f628f9d
      3ea12c093f6a49a7
      """,
    description: """
      [[[[0.04933915 0.49182445 0.09785639 ... 0.78228486 0.89711404
          0.48947906]
         [0.1119523  0.47583166 0.8244229  ... 0.88500386 0.3147891
          0.91518635]]]]
      """,
    debugDescription: """
      array([[[[0.04933915, 0.49182445, 0.09785639, ..., 0.78228486,
                0.89711404, 0.48947906],
               [0.1119523 , 0.47583166, 0.8244229 , ..., 0.88500386,
                0.3147891 , 0.91518635]]]], shape=(1, 1, 2, 501), dtype=float32)
      """),
  PrintingGolden(
    dtype: "bool", shape: [1500], options: PrintOptions(),
    elements: "010001000000",
    description: "[ True False  True ... False False False]",
    debugDescription: "array([ True, False,  True, ..., False, False, False], shape=(1500,))"),
  PrintingGolden(
    dtype: "uint8", shape: [20], options: PrintOptions(threshold: 20),
    elements: "000102030405060708090a0b0c0d0e0f10111213",
    description: "[ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19]",
    debugDescription: """
      array([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16,
             17, 18, 19], dtype=uint8)
      """),
  PrintingGolden(
    dtype: "bool", shape: [2], options: PrintOptions(),
    elements: "0100",
    description: "[ True False]",
    debugDescription: "array([ True, False])"),
  PrintingGolden(
    dtype: "bool", shape: [2, 1], options: PrintOptions(),
    elements: "0101",
    description: """
      [[ True]
       [ True]]
      """,
    debugDescription: """
      array([[ True],
             [ True]])
      """),
  PrintingGolden(
    dtype: "bool", shape: [3, 20], options: PrintOptions(),
    elements: """
      01000100010000010001000000000001000100010101010101000001000001010000000101000000
      0100000001010101010100000001000100000100
      """,
    description: """
      [[ True False  True False  True False False  True False  True False False
        False False False  True False  True False  True]
       [ True  True  True  True  True False False  True False False  True  True
        False False False  True  True False False False]
       [ True False False False  True  True  True  True  True  True False False
        False  True False  True False False  True False]]
      """,
    debugDescription: """
      array([[ True, False,  True, False,  True, False, False,  True, False,
               True, False, False, False, False, False,  True, False,  True,
              False,  True],
             [ True,  True,  True,  True,  True, False, False,  True, False,
              False,  True,  True, False, False, False,  True,  True, False,
              False, False],
             [ True, False, False, False,  True,  True,  True,  True,  True,
               True, False, False, False,  True, False,  True, False, False,
               True, False]])
      """),
  PrintingGolden(
    dtype: "uint8", shape: [2], options: PrintOptions(),
    elements: "00ff",
    description: "[  0 255]",
    debugDescription: "array([  0, 255], dtype=uint8)"),
  PrintingGolden(
    dtype: "uint8", shape: [40], options: PrintOptions(),
    elements: """
      000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f2021222324252627
      """,
    description: """
      [ 0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15 16 17 18 19 20 21 22 23
       24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39]
      """,
    debugDescription: """
      array([ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11, 12, 13, 14, 15, 16,
             17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
             34, 35, 36, 37, 38, 39], dtype=uint8)
      """),
  PrintingGolden(
    dtype: "int32", shape: [3], options: PrintOptions(),
    elements: "800000007fffffff00000000",
    description: "[-2147483648  2147483647           0]",
    debugDescription: "array([-2147483648,  2147483647,           0], dtype=int32)"),
  PrintingGolden(
    dtype: "int64", shape: [3], options: PrintOptions(),
    elements: "80000000000000007fffffffffffffff0000000000000000",
    description: "[-9223372036854775808  9223372036854775807                    0]",
    debugDescription: "array([-9223372036854775808,  9223372036854775807,                    0])"),
  PrintingGolden(
    dtype: "int64", shape: [12], options: PrintOptions(),
    elements: """
      0000000000000001000000000000000a000000000000006400000000000003e80000000000002710
      00000000000186a000000000000f424000000000009896800000000005f5e100000000003b9aca00
      00000002540be400000000174876e800
      """,
    description: """
      [           1           10          100         1000        10000
             100000      1000000     10000000    100000000   1000000000
        10000000000 100000000000]
      """,
    debugDescription: """
      array([           1,           10,          100,         1000,
                    10000,       100000,      1000000,     10000000,
                100000000,   1000000000,  10000000000, 100000000000])
      """),
  PrintingGolden(
    dtype: "int64", shape: [2], options: PrintOptions(),
    elements: "ffffffffffffffff00000000000003e8",
    description: "[  -1 1000]",
    debugDescription: "array([  -1, 1000])"),
  PrintingGolden(
    dtype: "int32", shape: [15], options: PrintOptions(),
    elements: """
      00000000000000010000000200000003000000040000000500000006000000070000000800000009
      0000000000000001000000020000000300000004
      """,
    description: "[0 1 2 3 4 5 6 7 8 9 0 1 2 3 4]",
    debugDescription: "array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4], dtype=int32)"),
  PrintingGolden(
    dtype: "float32", shape: [15], options: PrintOptions(),
    elements: """
      000000003e8000003f0000003f4000003f8000003fa000003fc000003fe000004000000040100000
      000000003e8000003f0000003f4000003f800000
      """,
    description: """
      [0.   0.25 0.5  0.75 1.   1.25 1.5  1.75 2.   2.25 0.   0.25 0.5  0.75
       1.  ]
      """,
    debugDescription: """
      array([0.  , 0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 , 1.75, 2.  , 2.25, 0.  ,
             0.25, 0.5 , 0.75, 1.  ], dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [16], options: PrintOptions(),
    elements: """
      00000000000000010000000200000003000000040000000500000006000000070000000800000009
      000000000000000100000002000000030000000400000005
      """,
    description: "[0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5]",
    debugDescription: "array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5], dtype=int32)"),
  PrintingGolden(
    dtype: "float32", shape: [16], options: PrintOptions(),
    elements: """
      000000003e8000003f0000003f4000003f8000003fa000003fc000003fe000004000000040100000
      000000003e8000003f0000003f4000003f8000003fa00000
      """,
    description: """
      [0.   0.25 0.5  0.75 1.   1.25 1.5  1.75 2.   2.25 0.   0.25 0.5  0.75
       1.   1.25]
      """,
    debugDescription: """
      array([0.  , 0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 , 1.75, 2.  , 2.25, 0.  ,
             0.25, 0.5 , 0.75, 1.  , 1.25], dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [17], options: PrintOptions(),
    elements: """
      00000000000000010000000200000003000000040000000500000006000000070000000800000009
      00000000000000010000000200000003000000040000000500000006
      """,
    description: "[0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6]",
    debugDescription: "array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6], dtype=int32)"),
  PrintingGolden(
    dtype: "float32", shape: [17], options: PrintOptions(),
    elements: """
      000000003e8000003f0000003f4000003f8000003fa000003fc000003fe000004000000040100000
      000000003e8000003f0000003f4000003f8000003fa000003fc00000
      """,
    description: """
      [0.   0.25 0.5  0.75 1.   1.25 1.5  1.75 2.   2.25 0.   0.25 0.5  0.75
       1.   1.25 1.5 ]
      """,
    debugDescription: """
      array([0.  , 0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 , 1.75, 2.  , 2.25, 0.  ,
             0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 ], dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [18], options: PrintOptions(),
    elements: """
      00000000000000010000000200000003000000040000000500000006000000070000000800000009
      0000000000000001000000020000000300000004000000050000000600000007
      """,
    description: "[0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7]",
    debugDescription: "array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7], dtype=int32)"),
  PrintingGolden(
    dtype: "float32", shape: [18], options: PrintOptions(),
    elements: """
      000000003e8000003f0000003f4000003f8000003fa000003fc000003fe000004000000040100000
      000000003e8000003f0000003f4000003f8000003fa000003fc000003fe00000
      """,
    description: """
      [0.   0.25 0.5  0.75 1.   1.25 1.5  1.75 2.   2.25 0.   0.25 0.5  0.75
       1.   1.25 1.5  1.75]
      """,
    debugDescription: """
      array([0.  , 0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 , 1.75, 2.  , 2.25, 0.  ,
             0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 , 1.75], dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [19], options: PrintOptions(),
    elements: """
      00000000000000010000000200000003000000040000000500000006000000070000000800000009
      000000000000000100000002000000030000000400000005000000060000000700000008
      """,
    description: "[0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8]",
    debugDescription: """
      array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8],
            dtype=int32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [19], options: PrintOptions(),
    elements: """
      000000003e8000003f0000003f4000003f8000003fa000003fc000003fe000004000000040100000
      000000003e8000003f0000003f4000003f8000003fa000003fc000003fe0000040000000
      """,
    description: """
      [0.   0.25 0.5  0.75 1.   1.25 1.5  1.75 2.   2.25 0.   0.25 0.5  0.75
       1.   1.25 1.5  1.75 2.  ]
      """,
    debugDescription: """
      array([0.  , 0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 , 1.75, 2.  , 2.25, 0.  ,
             0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 , 1.75, 2.  ], dtype=float32)
      """),
  PrintingGolden(
    dtype: "int32", shape: [20], options: PrintOptions(),
    elements: """
      00000000000000010000000200000003000000040000000500000006000000070000000800000009
      00000000000000010000000200000003000000040000000500000006000000070000000800000009
      """,
    description: "[0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9]",
    debugDescription: """
      array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
            dtype=int32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [20], options: PrintOptions(),
    elements: """
      000000003e8000003f0000003f4000003f8000003fa000003fc000003fe000004000000040100000
      000000003e8000003f0000003f4000003f8000003fa000003fc000003fe000004000000040100000
      """,
    description: """
      [0.   0.25 0.5  0.75 1.   1.25 1.5  1.75 2.   2.25 0.   0.25 0.5  0.75
       1.   1.25 1.5  1.75 2.   2.25]
      """,
    debugDescription: """
      array([0.  , 0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 , 1.75, 2.  , 2.25, 0.  ,
             0.25, 0.5 , 0.75, 1.  , 1.25, 1.5 , 1.75, 2.  , 2.25],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "2efa862eac2fec002e7e3c762f305cdf2ce289362e40c4c5",
    description: """
      [ 1.1392519e-10 -2.5000002e-12  5.7806614e-11  1.6040101e-10
        6.4385398e-12  4.3830512e-11]
      """,
    debugDescription: """
      array([ 1.1392519e-10, -2.5000002e-12,  5.7806614e-11,  1.6040101e-10,
              6.4385398e-12,  4.3830512e-11], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      3de0c4712127105c3dd41803412e7ba0bdb648184e2d4a83bddbbdea01689f1a3da79d0467daeb4a
      """,
    description: """
      [ 1.21998537e-10  7.31008173e-11 -2.02650161e-11 -1.00924269e-10
        1.07381077e-11]
      """,
    debugDescription: """
      array([ 1.21998537e-10,  7.31008173e-11, -2.02650161e-11, -1.00924269e-10,
              1.07381077e-11])
      """),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "3ad56db4460c1e5936e94aa83099a4c5",
    description: "[1.6283304e-03 8.9675869e+03 6.9526322e-06 1.1179045e-09]",
    debugDescription: """
      array([1.6283304e-03, 8.9675869e+03, 6.9526322e-06, 1.1179045e-09],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "b0f3ab1b31f8943ab2868c333272f13f328ee3502e55752d",
    description: """
      [-1.7729208e-09  7.2346014e-09 -1.5663408e-08  1.4141107e-08
        1.6634345e-08  4.8534666e-11]
      """,
    debugDescription: """
      array([-1.7729208e-09,  7.2346014e-09, -1.5663408e-08,  1.4141107e-08,
              1.6634345e-08,  4.8534666e-11], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      3e390c4dd1e136523e4d0a121da30001be48b2ed9aa1b2d0be01424f3ed0ce61be48fe9886a77cfb
      """,
    description: """
      [ 5.83195650e-09  1.35224959e-08 -1.15013393e-08 -5.02303641e-10
       -1.16389780e-08]
      """,
    debugDescription: """
      array([ 5.83195650e-09,  1.35224959e-08, -1.15013393e-08, -5.02303641e-10,
             -1.16389780e-08])
      """),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "4867b27747b4bf943e5927db34a84f46",
    description: "[2.3725786e+05 9.2543156e+04 2.1206610e-01 3.1350118e-07]",
    debugDescription: """
      array([2.3725786e+05, 9.2543156e+04, 2.1206610e-01, 3.1350118e-07],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "b5b8d9f2b52d994cb595147d359104cab5f39d61340dadc7",
    description: """
      [-1.3772499e-06 -6.4670598e-07 -1.1107328e-06  1.0804736e-06
       -1.8150714e-06  1.3194868e-07]
      """,
    debugDescription: """
      array([-1.3772499e-06, -6.4670598e-07, -1.1107328e-06,  1.0804736e-06,
             -1.8150714e-06,  1.3194868e-07], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      be76129dbdd61ce33eaa83c929e1426cbe858dc89f6dddbcbeb57119c6ebb016be900847179bb71c
      """,
    description: """
      [-8.22272876e-08  7.90202268e-07 -1.60588641e-07 -1.27803085e-06
       -2.38900405e-07]
      """,
    debugDescription: """
      array([-8.22272876e-08,  7.90202268e-07, -1.60588641e-07, -1.27803085e-06,
             -2.38900405e-07])
      """),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "40a4f1b0410aa8be4094679d3c3de9b0",
    description: "[5.154503   8.666197   4.637648   0.01159136]",
    debugDescription: "array([5.154503  , 8.666197  , 4.637648  , 0.01159136], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "3705b4e837e53b48b870b6a5b886c348b77e78ab381b8da0",
    description: """
      [ 7.9695383e-06  2.7326532e-05 -5.7390560e-05 -6.4259919e-05
       -1.5167675e-05  3.7086778e-05]
      """,
    debugDescription: """
      array([ 7.9695383e-06,  2.7326532e-05, -5.7390560e-05, -6.4259919e-05,
             -1.5167675e-05,  3.7086778e-05], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      bf22c771f38a5f733edcf31d3c80409cbf146361aff0843b3ee98fe9cca7afa5bf19a78e65de2236
      """,
    description: """
      [-1.43273029e-04  6.90213796e-06 -7.77748464e-05  1.21889883e-05
       -9.78642142e-05]
      """,
    debugDescription: """
      array([-1.43273029e-04,  6.90213796e-06, -7.77748464e-05,  1.21889883e-05,
             -9.78642142e-05])
      """),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "3e9954f43c52e04d3f162f38414dc326",
    description: "[ 0.29947627  0.01287086  0.586658   12.860144  ]",
    debugDescription: "array([ 0.29947627,  0.01287086,  0.586658  , 12.860144  ], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "3b8ed24a395864e23b83e06c3c10aeb8bb6cbfe8bc57c93e",
    description: "[ 0.00435856  0.00020637  0.00402456  0.00883072 -0.00361251 -0.01317054]",
    debugDescription: """
      array([ 0.00435856,  0.00020637,  0.00402456,  0.00883072, -0.00361251,
             -0.01317054], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      bf893fe665809e58bf83f5f0a6bd2bc6bf82d8e4fc524995bf84868b0020a077bf71df879b800a8c
      """,
    description: "[-0.01232891 -0.00974644 -0.00920276 -0.01002225 -0.00436357]",
    debugDescription: "array([-0.01232891, -0.00974644, -0.00920276, -0.01002225, -0.00436357])"),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "3f0c4b6a3fec7ec83e0a8c1f3e437e0d",
    description: "[0.5480257  1.847619   0.13530014 0.19091053]",
    debugDescription: "array([0.5480257 , 1.847619  , 0.13530014, 0.19091053], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "bf90f4bfbe82b40d3c97fff93cabdb5b3e700050bfa2d580",
    description: "[-1.132469   -0.25527993  0.01855467  0.02097862  0.23437619 -1.2721405 ]",
    debugDescription: """
      array([-1.132469  , -0.25527993,  0.01855467,  0.02097862,  0.23437619,
             -1.2721405 ], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      bfe353d13c2a03193ff3168e805780d0bff26d276df76a4f3fefc38b71787898c0045377904e9db4
      """,
    description: "[-0.60398161  1.19300699 -1.15164893  0.9926202  -2.54075539]",
    debugDescription: "array([-0.60398161,  1.19300699, -1.15164893,  0.9926202 , -2.54075539])"),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "3f8000003f8000003f8000003f800000",
    description: "[1. 1. 1. 1.]",
    debugDescription: "array([1., 1., 1., 1.], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "c304cfb5429c1e8ac25d4c254200513ac279103942f3ba03",
    description: "[-132.81136    78.05965   -55.32436    32.079323  -62.265842  121.863304]",
    debugDescription: """
      array([-132.81136 ,   78.05965 ,  -55.32436 ,   32.079323,  -62.265842,
              121.863304], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      c06196b8049e2c08c05736ee9c299519c03fca9363361980c066cd2d249aff80c04b6d95c38ce89a
      """,
    description: "[-140.70996314  -92.8583136   -31.79131146 -182.41176062  -54.85613293]",
    debugDescription: """
      array([-140.70996314,  -92.8583136 ,  -31.79131146, -182.41176062,
              -54.85613293])
      """),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "3e0179aa3f87ae9b3fed7d893e0ae6fd",
    description: "[0.12644067 1.060016   1.8553935  0.13564678]",
    debugDescription: "array([0.12644067, 1.060016  , 1.8553935 , 0.13564678], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "c167f788c614b5214580410f46708cb545b6a7a7461dca18",
    description: """
      [-1.4497932e+01 -9.5172822e+03  4.1041323e+03  1.5395177e+04
        5.8449565e+03  1.0098523e+04]
      """,
    debugDescription: """
      array([-1.4497932e+01, -9.5172822e+03,  4.1041323e+03,  1.5395177e+04,
              5.8449565e+03,  1.0098523e+04], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      c0c3f8a0b9dc7d8740cbb741f0e1bd0e40ad250e416ebfb740c03ee51f51c9e5c0d517766cbf9ee0
      """,
    description: """
      [-10225.25567204  14190.51516363   3730.52784296   8317.79001829
       -21597.85038748]
      """,
    debugDescription: """
      array([-10225.25567204,  14190.51516363,   3730.52784296,   8317.79001829,
             -21597.85038748])
      """),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "4043d34140e87699404a645f3e205e8e",
    description: "[3.059769  7.2644773 3.1623762 0.1566107]",
    debugDescription: "array([3.059769 , 7.2644773, 3.1623762, 0.1566107], dtype=float32)"),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "c96f552fc99f3646c936f726c7c728e448d6e4164918b072",
    description: """
      [-9.8030694e+05 -1.3042648e+06 -7.4942638e+05 -1.0196978e+05
        4.4009669e+05  6.2541512e+05]
      """,
    debugDescription: """
      array([-9.8030694e+05, -1.3042648e+06, -7.4942638e+05, -1.0196978e+05,
              4.4009669e+05,  6.2541512e+05], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      4132ef4fe9e250e84130c0da69fa3ca7c13aeb59708d066e40f049088f16e37f4135ae8e9640a7b7
      """,
    description: """
      [ 1240911.91360956  1097946.41397456 -1764185.43965187    66704.53493394
        1420942.58692406]
      """,
    debugDescription: """
      array([ 1240911.91360956,  1097946.41397456, -1764185.43965187,
                66704.53493394,  1420942.58692406])
      """),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "409992eb3e67c9233bc5b50a4384b228",
    description: "[4.7991843e+00 2.2635321e-01 6.0335444e-03 2.6539185e+02]",
    debugDescription: """
      array([4.7991843e+00, 2.2635321e-01, 6.0335444e-03, 2.6539185e+02],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "cbc306604a8e16b94c669c9cccb6cda6cc02fc094b841bf2",
    description: """
      [-2.5562304e+07  4.6559645e+06  6.0453488e+07 -9.5841584e+07
       -3.4336804e+07  1.7315812e+07]
      """,
    debugDescription: """
      array([-2.5562304e+07,  4.6559645e+06,  6.0453488e+07, -9.5841584e+07,
             -3.4336804e+07,  1.7315812e+07], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      c189ed6ce76e705ec18eaa676d89f7bc418d1d59826d73ebc1810fa799248117c15dbb118f572141
      """,
    description: """
      [-54373788.92892526 -64310509.69236705  61057840.30344375
       -35779827.14282434  -7793734.23969299]
      """,
    debugDescription: """
      array([-54373788.92892526, -64310509.69236705,  61057840.30344375,
             -35779827.14282434,  -7793734.23969299])
      """),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "3c5225733d05f9784584cb6a42ee8444",
    description: "[1.2826311e-02 3.2708615e-02 4.2494268e+03 1.1925833e+02]",
    debugDescription: """
      array([1.2826311e-02, 3.2708615e-02, 4.2494268e+03, 1.1925833e+02],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [6], options: PrintOptions(),
    elements: "4df748d94f80836fd02559b8cfd030604fdd9cac4fb45cf7",
    description: """
      [ 5.1859331e+08  4.3121946e+09 -1.1096482e+10 -6.9856625e+09
        7.4360648e+09  6.0519828e+09]
      """,
    debugDescription: """
      array([ 5.1859331e+08,  4.3121946e+09, -1.1096482e+10, -6.9856625e+09,
              7.4360648e+09,  6.0519828e+09], dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(),
    elements: """
      41fdba4f508a29f141e92453bab1c59fc1f59a1b96ceabd3c210ab23ba8778014204b748b56bc2c0
      """,
    description: """
      [ 7.97998823e+09  3.37448905e+09 -5.79873828e+09 -1.78976805e+10
        1.11217927e+10]
      """,
    debugDescription: """
      array([ 7.97998823e+09,  3.37448905e+09, -5.79873828e+09, -1.78976805e+10,
              1.11217927e+10])
      """),
  PrintingGolden(
    dtype: "float32", shape: [4], options: PrintOptions(),
    elements: "3ed6d8ac310fa906384db8dd3133e021",
    description: "[4.1962183e-01 2.0905317e-09 4.9047976e-05 2.6175331e-09]",
    debugDescription: """
      array([4.1962183e-01, 2.0905317e-09, 4.9047976e-05, 2.6175331e-09],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "float32", shape: [8], options: PrintOptions(),
    elements: "e6f14c79fcf2368a791fbc528878a4deb14fc0b08fe1380e7c49bb52059217c9",
    description: """
      [-5.6975050e+23 -1.0061136e+37  5.1837174e+34 -7.4823586e-34
       -3.0231995e-09 -2.2208304e-29  4.1898039e+36  1.3738511e-35]
      """,
    debugDescription: """
      array([-5.6975050e+23, -1.0061136e+37,  5.1837174e+34, -7.4823586e-34,
             -3.0231995e-09, -2.2208304e-29,  4.1898039e+36,  1.3738511e-35],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [6], options: PrintOptions(),
    elements: """
      1fa55f099cfa496eb0a0880afe740703bbd73d70219166a7d1da85e17534ec05a622f7f8a965f938
      428b3863af4cbd5d
      """,
    description: """
      [ 3.11316393e-156 -1.82743181e-074 -1.96850391e-020 -2.06101406e+086
       -5.60438494e-125  3.74112557e+012]
      """,
    debugDescription: """
      array([ 3.11316393e-156, -1.82743181e-074, -1.96850391e-020,
             -2.06101406e+086, -5.60438494e-125,  3.74112557e+012])
      """),
  PrintingGolden(
    dtype: "float64", shape: [7], options: PrintOptions(),
    elements: """
      3ff5600000000000bff0d0000000000040093000000000003fffe000000000004007c00000000000
      3fefc00000000000bff5400000000000
      """,
    description: """
      [ 1.3359375  -1.05078125  3.1484375   1.9921875   2.96875     0.9921875
       -1.328125  ]
      """,
    debugDescription: """
      array([ 1.3359375 , -1.05078125,  3.1484375 ,  1.9921875 ,  2.96875   ,
              0.9921875 , -1.328125  ])
      """),
  PrintingGolden(
    dtype: "float32", shape: [8], options: PrintOptions(),
    elements: "d504a6e6fcd91735d7540c5e32f7b79da93fc35841814184bc78a5d234e1227f",
    description: """
      [-9.1157724e+12 -9.0175929e+36 -2.3314958e+14  2.8838082e-08
       -4.2579953e-14  1.6156990e+01 -1.5176253e-02  4.1934615e-07]
      """,
    debugDescription: """
      array([-9.1157724e+12, -9.0175929e+36, -2.3314958e+14,  2.8838082e-08,
             -4.2579953e-14,  1.6156990e+01, -1.5176253e-02,  4.1934615e-07],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [6], options: PrintOptions(),
    elements: """
      b7c4ca779fd735cee44c31d050122244e3d972fbb6842af0ed98223be8c6d31b40abad6103378ee3
      9f3ae6f9b97d62c7
      """,
    description: """
      [-4.77335375e-040 -1.39467560e+175 -9.83492080e+172 -8.51924761e+219
        3.54268948e+003 -3.06161700e-158]
      """,
    debugDescription: """
      array([-4.77335375e-040, -1.39467560e+175, -9.83492080e+172,
             -8.51924761e+219,  3.54268948e+003, -3.06161700e-158])
      """),
  PrintingGolden(
    dtype: "float64", shape: [7], options: PrintOptions(),
    elements: """
      c08ce00000000000c06fc00000000000c05c800000000000c074700000000000c08ca00000000000
      407d0000000000004074100000000000
      """,
    description: "[-924. -254. -114. -327. -916.  464.  321.]",
    debugDescription: "array([-924., -254., -114., -327., -916.,  464.,  321.])"),
  PrintingGolden(
    dtype: "float32", shape: [8], options: PrintOptions(),
    elements: "08e3249690922f654861de36f664e76b302e9c20c438767d96df2ca1b28439e6",
    description: """
      [ 1.36706669e-33 -5.76598689e-29  2.31288844e+05 -1.16068105e+33
        6.35226982e-10 -7.37851379e+02 -3.60557579e-25 -1.53931516e-08]
      """,
    debugDescription: """
      array([ 1.36706669e-33, -5.76598689e-29,  2.31288844e+05, -1.16068105e+33,
              6.35226982e-10, -7.37851379e+02, -3.60557579e-25, -1.53931516e-08],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [6], options: PrintOptions(),
    elements: """
      114b7e24d7b0f3a3d3e6774f303274f819334db46bc798e53b1ffea38e50bc0134a299bd1f7b6485
      c0c3c166692bc17c
      """,
    description: """
      [ 2.32108708e-225 -1.49959987e+096  2.77280633e-187  6.61634540e-024
        3.79294375e-055 -1.01148001e+004]
      """,
    debugDescription: """
      array([ 2.32108708e-225, -1.49959987e+096,  2.77280633e-187,
              6.61634540e-024,  3.79294375e-055, -1.01148001e+004])
      """),
  PrintingGolden(
    dtype: "float64", shape: [7], options: PrintOptions(),
    elements: """
      bfbc0000000000004008f000000000004000d80000000000bff2900000000000bff5000000000000
      3ffcc00000000000c007880000000000
      """,
    description: """
      [-0.109375    3.1171875   2.10546875 -1.16015625 -1.3125      1.796875
       -2.94140625]
      """,
    debugDescription: """
      array([-0.109375  ,  3.1171875 ,  2.10546875, -1.16015625, -1.3125    ,
              1.796875  , -2.94140625])
      """),
  PrintingGolden(
    dtype: "float32", shape: [8], options: PrintOptions(),
    elements: "ba41986dc7587fdacf4a199b659d8524dc5f7323ed89d51aa4b7448e3c9a217d",
    description: """
      [-7.3850789e-04 -5.5423852e+04 -3.3906757e+09  9.2983444e+22
       -2.5158206e+17 -5.3321338e+27 -7.9479735e-17  1.8814797e-02]
      """,
    debugDescription: """
      array([-7.3850789e-04, -5.5423852e+04, -3.3906757e+09,  9.2983444e+22,
             -2.5158206e+17, -5.3321338e+27, -7.9479735e-17,  1.8814797e-02],
            dtype=float32)
      """),
  PrintingGolden(
    dtype: "float64", shape: [6], options: PrintOptions(),
    elements: """
      cc12b9d308653ac2c7617b7c6937f20726fd08e073a8758270f1db2b0e5496fea842e543c044d898
      e1a9f89fe4cf1075
      """,
    description: """
      [-2.93860577e+058 -7.26189119e+035  7.02746545e-121  1.13549141e+236
       -9.59116902e-115 -2.92105360e+162]
      """,
    debugDescription: """
      array([-2.93860577e+058, -7.26189119e+035,  7.02746545e-121,
              1.13549141e+236, -9.59116902e-115, -2.92105360e+162])
      """),
  PrintingGolden(
    dtype: "float64", shape: [7], options: PrintOptions(),
    elements: """
      bfec680000000000bfe28000000000003fe7c000000000003fe8a000000000003fe9c00000000000
      bfeb6000000000003fd0d00000000000
      """,
    description: """
      [-0.88769531 -0.578125    0.7421875   0.76953125  0.8046875  -0.85546875
        0.26269531]
      """,
    debugDescription: """
      array([-0.88769531, -0.578125  ,  0.7421875 ,  0.76953125,  0.8046875 ,
             -0.85546875,  0.26269531])
      """),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(precision: 0),
    elements: """
      3fe00000000000003ff800000000000040040000000000003fe55555555555553fc0000000000000
      """,
    description: "[0. 2. 2. 1. 0.]",
    debugDescription: "array([0., 2., 2., 1., 0.])"),
  PrintingGolden(
    dtype: "float64", shape: [4], options: PrintOptions(precision: 0),
    elements: "3e19c511dc3a41df3e25798ee2308c3a1c600000000000003ff0000000000000",
    description: "[1.e-009 3.e-009 5.e-172 1.e+000]",
    debugDescription: "array([1.e-009, 3.e-009, 5.e-172, 1.e+000])"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(precision: 0),
    elements: "3fe5555555555555",
    description: "0.6666666666666666",
    debugDescription: "array(1.)"),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(precision: 2),
    elements: """
      3fe00000000000003ff800000000000040040000000000003fe55555555555553fc0000000000000
      """,
    description: "[0.5  1.5  2.5  0.67 0.12]",
    debugDescription: "array([0.5 , 1.5 , 2.5 , 0.67, 0.12])"),
  PrintingGolden(
    dtype: "float64", shape: [4], options: PrintOptions(precision: 2),
    elements: "3e19c511dc3a41df3e25798ee2308c3a1c600000000000003ff0000000000000",
    description: "[1.50e-009 2.50e-009 5.18e-172 1.00e+000]",
    debugDescription: "array([1.50e-009, 2.50e-009, 5.18e-172, 1.00e+000])"),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(precision: 2),
    elements: "3fe5555555555555",
    description: "0.6666666666666666",
    debugDescription: "array(0.67)"),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(precision: 15),
    elements: """
      3fe00000000000003ff800000000000040040000000000003fe55555555555553fc0000000000000
      """,
    description: """
      [0.5               1.5               2.5               0.666666666666667
       0.125            ]
      """,
    debugDescription: """
      array([0.5              , 1.5              , 2.5              ,
             0.666666666666667, 0.125            ])
      """),
  PrintingGolden(
    dtype: "float64", shape: [4], options: PrintOptions(precision: 15),
    elements: "3e19c511dc3a41df3e25798ee2308c3a1c600000000000003ff0000000000000",
    description: """
      [1.50000000000000e-009 2.50000000000000e-009 5.17526350329881e-172
       1.00000000000000e+000]
      """,
    debugDescription: """
      array([1.50000000000000e-009, 2.50000000000000e-009,
             5.17526350329881e-172, 1.00000000000000e+000])
      """),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(precision: 15),
    elements: "3fe5555555555555",
    description: "0.6666666666666666",
    debugDescription: "array(0.666666666666667)"),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(precision: 17),
    elements: """
      3fe00000000000003ff800000000000040040000000000003fe55555555555553fc0000000000000
      """,
    description: """
      [0.5                1.5                2.5
       0.6666666666666666 0.125             ]
      """,
    debugDescription: """
      array([0.5               , 1.5               , 2.5               ,
             0.6666666666666666, 0.125             ])
      """),
  PrintingGolden(
    dtype: "float64", shape: [4], options: PrintOptions(precision: 17),
    elements: "3e19c511dc3a41df3e25798ee2308c3a1c600000000000003ff0000000000000",
    description: """
      [1.50000000000000e-009 2.50000000000000e-009 5.17526350329881e-172
       1.00000000000000e+000]
      """,
    debugDescription: """
      array([1.50000000000000e-009, 2.50000000000000e-009,
             5.17526350329881e-172, 1.00000000000000e+000])
      """),
  PrintingGolden(
    dtype: "float64", shape: [], options: PrintOptions(precision: 17),
    elements: "3fe5555555555555",
    description: "0.6666666666666666",
    debugDescription: "array(0.6666666666666666)"),
  PrintingGolden(
    dtype: "float64", shape: [5], options: PrintOptions(suppressScientific: true),
    elements: """
      3ee4f8b588e368f13e39c511dc3a41df3e312e0be826d695be312e0be826d6953ff8000000000000
      """,
    description: "[ 0.00001     0.00000001  0.         -0.          1.5       ]",
    debugDescription: "array([ 0.00001   ,  0.00000001,  0.        , -0.        ,  1.5       ])"),
  PrintingGolden(
    dtype: "float64", shape: [2], options: PrintOptions(suppressScientific: true),
    elements: "41cdcd65000000003e112e0be826d695",
    description: "[1.e+09 1.e-09]",
    debugDescription: "array([1.e+09, 1.e-09])"),
  PrintingGolden(
    dtype: "float64", shape: [12], options: PrintOptions(threshold: 5),
    elements: """
      00000000000000003ff0000000000000400000000000000040220000000000004024000000000000
      4026000000000000
      """,
    description: "[ 0.  1.  2. ...  9. 10. 11.]",
    debugDescription: "array([ 0.,  1.,  2., ...,  9., 10., 11.], shape=(12,))"),
  PrintingGolden(
    dtype: "int64", shape: [5, 6], options: PrintOptions(threshold: 5, edgeItems: 1),
    elements: "000000000000000000000000000000050000000000000018000000000000001d",
    description: """
      [[ 0 ...  5]
       ...
       [24 ... 29]]
      """,
    debugDescription: """
      array([[ 0, ...,  5],
             ...,
             [24, ..., 29]], shape=(5, 6))
      """),
  PrintingGolden(
    dtype: "int64", shape: [4, 6], options: PrintOptions(threshold: 0, edgeItems: 2),
    elements: """
      00000000000000000000000000000001000000000000000400000000000000050000000000000006
      0000000000000007000000000000000a000000000000000b000000000000000c000000000000000d
      00000000000000100000000000000011000000000000001200000000000000130000000000000016
      0000000000000017
      """,
    description: """
      [[ 0  1 ...  4  5]
       [ 6  7 ... 10 11]
       [12 13 ... 16 17]
       [18 19 ... 22 23]]
      """,
    debugDescription: """
      array([[ 0,  1, ...,  4,  5],
             [ 6,  7, ..., 10, 11],
             [12, 13, ..., 16, 17],
             [18, 19, ..., 22, 23]], shape=(4, 6))
      """),
  PrintingGolden(
    dtype: "float32", shape: [], options: PrintOptions(threshold: 0),
    elements: "40600000",
    description: "3.5",
    debugDescription: "array(3.5, shape=(), dtype=float32)"),
  PrintingGolden(
    dtype: "float64", shape: [4, 5], options: PrintOptions(lineWidth: 40),
    elements: """
      3fbfbac2024128903fda62ba31e1c10c3fa53e5b020660e03fd06b495305bbea3fd28fe960651860
      3fe27d40c016fb003feb24cb9743c1123fe40712db0cc4003fe2834feba3ef0d3fc6d8e704469dc8
      3fe865b47cfab9743fd0a514bb33dc163fe1997cbe63c7263fee7890a6f654503fead8edb3aa5fcb
      3fd7c863dc4bb0263fe928fdfa62fcc33fe21b11a7c68bbd3fe311f39c30fa703fbdce89d4dc7400
      """,
    description: """
      [[0.12394345 0.41227584 0.04149136
        0.25654824 0.29003367]
       [0.57778966 0.84824161 0.62586348
        0.57852932 0.17849434]
       [0.76241517 0.26007574 0.54998624
        0.95221741 0.83898053]
       [0.37160584 0.78625392 0.56580432
        0.59594136 0.11643278]]
      """,
    debugDescription: """
      array([[0.12394345, 0.41227584,
              0.04149136, 0.25654824,
              0.29003367],
             [0.57778966, 0.84824161,
              0.62586348, 0.57852932,
              0.17849434],
             [0.76241517, 0.26007574,
              0.54998624, 0.95221741,
              0.83898053],
             [0.37160584, 0.78625392,
              0.56580432, 0.59594136,
              0.11643278]])
      """),
  PrintingGolden(
    dtype: "float64", shape: [3], options: PrintOptions(lineWidth: 1),
    elements: "3fea18c0514074603fef6c9a3b0730323fd845c5d5a37c8a",
    description: """
      [0.81552139
       0.98200714
       0.37925859]
      """,
    debugDescription: """
      array([0.81552139,
             0.98200714,
             0.37925859])
      """),
  PrintingGolden(
    dtype: "float32", shape: [12], options: PrintOptions(lineWidth: 120),
    elements: """
      3f1b4d153dd10f113efb744b3f28ad1c3e44fbe03ed042223f334e9c3f6090683f55c2e73eedcda7
      3f33e1e03f5cdad9
      """,
    description: """
      [0.6066449  0.10207952 0.49112162 0.65889144 0.19236708 0.40675455 0.70041823 0.87720346 0.8350052  0.46445963
       0.7026653  0.86271435]
      """,
    debugDescription: """
      array([0.6066449 , 0.10207952, 0.49112162, 0.65889144, 0.19236708, 0.40675455, 0.70041823, 0.87720346, 0.8350052 ,
             0.46445963, 0.7026653 , 0.86271435], dtype=float32)
      """),
]
