// Two networks that train each other: one makes points or pictures, the other tells them from real ones.
//
//     swift run -c release gan
//     swift run -c release gan --loss wasserstein --output pictures
//     swift run -c release gan --of digits --synthetic --steps 2000 --output pictures
//
// Source: I. Goodfellow et al., "Generative adversarial nets", 2014.

import CommandLineOptions
import Train

@main
struct GAN {
  static func main() {
    let losses = AdversarialLoss.allCases.map(\.rawValue)
    let options = CommandLineOptions(
      program: "gan",
      about:
        "Trains a network to make points on two circles, or digits, against one that judges them.",
      [
        .value("of", "WHAT", "circles or digits", default: "circles"),
        .data("mnist"), .download, .synthetic,
        .value("steps", "N", "how often both networks are trained", default: "3000"),
        .batchSize(128), .learningRate(0.001), .seed,
        .value("loss", "NAME", losses.joined(separator: ", "), default: "nonSaturating"),
        .output("a folder for the film of the training"),
      ])
    if options.choice("of", of: ["circles", "digits"]) == "digits" {
      do {
        play(DrawnDigits(try options.images(named: "mnist"), seed: options.seed), options)
      } catch {
        stop(error)
      }
    } else {
      play(Circles(), options)
    }
  }

  static func play(_ subject: some Subject, _ options: CommandLineOptions) {
    let losses = AdversarialLoss.allCases.map(\.rawValue)
    let steps = options.integer("steps", in: 0...10_000_000) ?? 0
    var game = Game(
      subject, loss: AdversarialLoss(rawValue: options.choice("loss", of: losses)!)!,
      rate: options.number("learning-rate", in: 1e-12...1e6) ?? 0.001,
      batchSize: options.batchSize, seed: options.seed)
    print(game.maker.summary(name: "maker"))
    print(game.judge.summary(name: "judge"))

    // The same noise for every picture: what is made of it changes slowly.
    let fixed = game.noise(step: 0, count: 500)
    var film = Animation(secondsPerFrame: 0.1)
    let interval = max(1, steps / 60)
    for step in 0...steps {
      if step > 0 { game.train() }
      guard step % interval == 0 || step == steps else { continue }
      let made = game.maker.predict(fixed)
      film.append(subject.picture(of: made, judge: game.judge))
      if step % (10 * interval) == 0 || step == steps {
        print(
          "step \(step): judge \(format(game.losses.judge)), maker \(format(game.losses.maker)), "
            + subject.report(on: made))
      }
    }

    print(film.frames.last!.terminalText())
    if let folder = options.text("output") {
      makeFolder(folder)
      do { try film.write(to: "\(folder)/gan.png") } catch { stop(error) }
      print("Wrote \(folder)/gan.png")
    }
  }
}
