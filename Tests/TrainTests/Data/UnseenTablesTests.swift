// Ten tables as people have them. Each is read in one call, holds what pandas reads, and trains a small
// network.

import ArrayFiles
import TestSupport
import Testing
import Train

@Suite("Tables as people have them")
struct UnseenTablesTests {
  /// How each table is read, and what is made of it.
  private static let uses: [String: @Sendable (String) throws -> (Table, x: Table, y: [Double])] = [
    "quoted": { path in
      let table = try Table(contentsOf: path)
      let side = "the \"good\" side"
      return (table, table.encoding(side).selecting("area, m²", side), table["price\r\nin €"])
    },
    "gaps": { path in
      let table = try Table(contentsOf: path)
      return (table, table.dropping("target").fillingMissing(with: .median), table["target"])
    },
    "german": { path in
      let table = try Table(contentsOf: path, decimalMark: ",", groupMark: ".")
      let x = table.expandingDate("Datum", into: .weekday, .day).oneHotEncoding("Ort")
      return (table, x.dropping("Preis"), table["Preis"])
    },
    "blanks": { path in
      let table = try Table(contentsOf: path, header: false, separator: " ", comment: "#")
      return (table, table.dropping("2"), table["2"])
    },
    "tabs": { path in
      let table = try Table(contentsOf: path)
      let complete = table.droppingMissing()
      return (table, complete.selecting("active", "score"), complete["passed"])
    },
    "census": { path in
      let table = try Table(contentsOf: path)
      let x = table.oneHotEncoding("workclass").dropping("income")
      return (table, x, table.encoding("income")["income"])
    },
    "keys": { path in
      let table = try Table(contentsOf: path)
      let x = table.expandingDate("time", into: .hour, .daysSince1970).dropping("id", "value")
      return (table, x, table["value"])
    },
    "wide": { path in
      let table = try Table(contentsOf: path)
      return (table, table.dropping("y"), table["y"])
    },
    "names": { path in
      let table = try Table(contentsOf: path)
      return (table, table.selecting("x", "x.1"), table.encoding("class")["class"])
    },
    "passengers": { path in
      let table = try Table(contentsOf: path)
      let x = table.encoding("Sex").fillingMissing(in: "Age", with: .mean)
      return (table, x.dropping("Survived", "Name", "Cabin"), table["Survived"])
    },
  ]

  @Test(
    "are read in one call, hold what pandas reads, and train a network",
    arguments: tableGoldens.filter { $0.content != nil })
  func unseen(golden: TableGolden) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/table.csv"
      try writeFile(Array((golden.content ?? "").utf8), to: path)
      let use = try #require(Self.uses[golden.name])
      let (table, features, targets) = try use(path)
      expectEqual(table, golden.columns, relative: 0)

      // What is written is the same when it is read again.
      try table.write(to: path)
      expectEqual(try Table(contentsOf: path), table, relative: 0)

      let x = features.tensor()
      let y = Tensor<Float>(Tensor(targets)).reshaped(to: [targets.count, 1])
      let (standardizer, scaler) = (Standardizer(fitting: x), Standardizer(fitting: y))
      // Many columns move a unit far in one step.
      let rate = min(0.02, 0.2 / Double(x.shape[1]))
      var model = Sequential([Dense(4, activation: .tanh), Dense(1)])
        .compile(optimizer: Adam(learningRate: rate), loss: .meanSquaredError)
      let history = model.fit(
        standardizer(x), scaler(y), epochs: 6, batchSize: 8, verbose: 0, hints: false)
      let losses = history["loss"]
      #expect(losses.allSatisfy { $0.isFinite } && (losses.last ?? 1) < (losses.first ?? 0))
    }
  }

  @Test("are ten")
  func count() {
    #expect(tableGoldens.count { $0.content != nil } == 10 && Self.uses.count == 10)
  }
}
