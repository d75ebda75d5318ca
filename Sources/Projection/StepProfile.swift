/// What the parts of a step take on one rank of a machine, each as a fixed time, a time for each image and
/// one for each granule.
package struct StepProfile: Codable, Sendable, Equatable {
    /// One pass of a layer.
    package struct Pass: Codable, Sendable, Equatable {
        /// All that it computes.
        package let time: WorkTime
        /// Those of its seconds in which a sum over ranks can travel without anyone waiting; the same for all shares.
        package let cover: Double

        /// The times of a pass.
        package init(_ time: WorkTime, cover: Double = 0) {
            self.time = time
            self.cover = cover
        }
    }

    /// The two passes of a layer.
    package struct Layer: Codable, Sendable, Equatable {
        /// From the input to the output.
        package let forward: Pass
        /// From the output's gradient to the input's.
        package let backward: Pass

        /// The times of a layer.
        package init(forward: Pass, backward: Pass) {
            self.forward = forward
            self.backward = backward
        }
    }

    /// The layers, first to last.
    package let layers: [Layer]
    /// The loss and its gradient.
    package let loss: WorkTime
    /// The update of the weights, and what the exchange of a single rank takes.
    package let update: WorkTime

    /// A profile of those parts.
    package init(layers: [Layer], loss: WorkTime, update: WorkTime) {
        self.layers = layers
        self.loss = loss
        self.update = update
    }

    /// A whole step of a single rank.
    package var step: WorkTime {
        layers.reduce(loss + update) { $0 + $1.forward.time + $1.backward.time }
    }
}
