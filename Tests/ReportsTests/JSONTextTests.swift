import Foundation
import Testing

import Reports

@Suite("Results as JSON")
struct JSONTextTests {
    private struct Result: Encodable {
        struct Part: Encodable {
            let name: String
            var cores: [Int] = []
        }

        struct Rate: InlineEncodable {
            let imagesPerSecond: Double
        }

        var zeal = true
        let rate: Rate
        var warning: String?
        var parts: [Part] = []
        var settings: [String: String] = [:]
    }

    private static let full = Result(
        rate: .init(imagesPerSecond: 250), parts: [.init(name: "a", cores: [0, 1]), .init(name: "b")],
        settings: ["Batch norm": "local", "16x1": "\"on\""])

    // Guards: names become keys, members of an inline value stand in the object around it, what is nil is null, and the
    // keys of a dictionary are data that stays as it is.
    @Test func lines() {
        #expect(
            JSONText.text(Self.full, .line)
                == #"{"zeal":true,"images_per_second":250.0,"warning":null,"parts":[{"name":"a","cores":[0,1]},"#
                + #"{"name":"b","cores":[]}],"settings":{"16x1":"\"on\"","Batch norm":"local"}}"#)
        #expect(
            JSONText.text(Self.full, .sorted)
                == #"{"images_per_second":250,"parts":[{"cores":[0,1],"name":"a"},{"cores":[],"name":"b"}],"#
                + #""settings":{"16x1":"\"on\"","Batch norm":"local"},"warning":null,"zeal":true}"#)
        #expect(JSONText.text(Result.Part(name: "a", cores: [0, 1]), .record) == #"{"name": "a", "cores": [0, 1]}"#)
    }

    @Test func pages() {
        let expected = """
            {
              "cores" : [
                0,
                1
              ],
              "name" : "a"
            }
            """
        #expect(JSONText.text(Result.Part(name: "a", cores: [0, 1]), .page) == expected)
    }

    // Guards: every JSON reader takes the text, whatever the values are, and reads the same back.
    @Test(
        "Texts and numbers read back",
        arguments: ["", "a/b", "\"quoted\" \\ back", "line\nbreak\ttab\r", "\u{1}\u{7f}", "µs × 2 · 日本"])
    func texts(text: String) throws {
        struct Texts: Codable, Equatable {
            let text: String
            let list: [Double]
        }
        let value = Texts(text: text, list: [0.1, -0.0, 1e300, .leastNonzeroMagnitude, 1.0 / 3, 7])
        for style in [JSONText.Style.line, .record, .sorted, .page] {
            let read = try JSONDecoder().decode(Texts.self, from: Data(JSONText.text(value, style).utf8))
            #expect(read == value)
        }
    }

    @Test("A number that is not finite is null", arguments: [Double.nan, .infinity, -.infinity])
    func notFinite(number: Double) {
        #expect(JSONText.text(Result.Rate(imagesPerSecond: number), .line) == #"{"images_per_second":null}"#)
        #expect(JSONText.text([number, 1], .line) == "[null,1.0]")
    }
}
