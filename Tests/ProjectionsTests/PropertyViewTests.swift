import Diagnostics
import EventLog
import LogSupport
import Postgres
import Projections
import TestSupport
import Testing

/// The twin: from events to the rows of `diagnostics.device_properties`.
@Suite(.database) struct PropertyViewTests {
    /// Logs records, has them projected, and reads the device's rows.
    private func rows(_ records: SampleRecord..., device: String = "pump") throws -> [String] {
        var log = try LogFixture()
        try log.append(records)
        var projector = try worker(batchRows: 2)
        try projector.turnUntilIdle()
        #expect(try differences() == [])
        return try propertyRows(device)
    }

    @Test func `an accepted value is in sync, a newer one is not, since it is desired`() throws {
        #expect(
            try rows(
                .twin("desired", #"{"target":21,"$version":6}"#, second: 1),
                .twin("reported", #"{"target":{"value":21,"ac":200,"av":6,"ad":"set"},"serial":"x","$version":3}"#, second: 2),
                .twin("desired", #"{"limit":5,"$version":7}"#, second: 3)) == [
                    "||limit: desired 5 v7, reported - v-, ack - -  | out since 3",
                    #"||serial: desired - v-, reported "x" v3, ack - -  | in sync"#,
                    "||target: desired 21 v6, reported 21 v3, ack 200 6 set | in sync",
                ])
    }

    @Test func `an answer that refuses, is late or ahead is said`() throws {
        #expect(
            try rows(
                .twin("desired", #"{"a":1,"b":1,"c":1,"d":1,"$version":6}"#, second: 1),
                .twin(
                    "reported",
                    #"{"a":{"value":0,"ac":400,"av":6},"b":{"value":0,"ac":203,"av":0},"c":{"value":1,"ac":200,"av":9},"d":2,"$version":3}"#,
                    second: 4)
            ) == [
                "||a: desired 1 v6, reported 0 v3, ack 400 6  | out since 1", "||b: desired 1 v6, reported 0 v3, ack 203 0  | out since 1",
                "||c: desired 1 v6, reported 1 v3, ack 200 9  | in sync ahead", "||d: desired 1 v6, reported 2 v3, ack - -  | out since 4",
            ])
    }

    @Test func `an answer to the version that the whole section has by now is not ahead`() throws {
        #expect(
            try rows(
                .twin("desired", #"{"a":1,"$version":6}"#, second: 1), .twin("desired", #"{"b":1,"$version":9}"#, second: 2),
                .twin("reported", #"{"a":{"value":1,"ac":200,"av":9},"$version":3}"#, second: 3)
            )
            .first == "||a: desired 1 v6, reported 1 v3, ack 200 9  | in sync")
    }

    @Test func `the greater version wins over the later clock`() throws {
        #expect(
            try rows(
                .twin("reported", #"{"a":"new","$version":8}"#, second: 1), .twin("reported", #"{"a":"old","$version":7}"#, second: 5))
                == [#"||a: desired - v-, reported "new" v8, ack - -  | in sync"#])
    }

    @Test(arguments: [false, true]) func `the same change told as a twin's and as a digital twin's is one`(isPatchFirst: Bool) throws {
        let twin = SampleRecord.twin("reported", #"{"motor":{"__t":"c","limit":3.50},"$version":8}"#, second: isPatchFirst ? 2 : 1)
        let patch = SampleRecord.patch(#"[{"op":"replace","path":"/motor/limit","value":3.5}]"#, second: isPatchFirst ? 1 : 2)
        #expect(
            try rows(isPatchFirst ? patch : twin, isPatchFirst ? twin : patch) == ["|motor|limit: desired - v-, reported 3.5 v8, ack - -  | in sync"])
    }

    @Test func `a part of an object that a patch tells of is in the object, and by itself where that is not known`() throws {
        #expect(
            try rows(
                .twin("reported", #"{"range":{"low":1,"high":2},"motor":{"__t":"c","curve":{"a":1}},"$version":8}"#, second: 1),
                .patch(#"[{"op":"replace","path":"/range/high","value":2},{"op":"replace","path":"/motor/curve/a","value":1}]"#, second: 1),
                .patch(#"[{"op":"replace","path":"/valve/open","value":true},{"op":"replace","path":"/valve/turn/end","value":9}]"#, second: 2)) == [
                    #"|motor|curve: desired - v-, reported {"a":1} v8, ack - -  | in sync"#,
                    "|valve|open: desired - v-, reported true v-, ack - -  | in sync",
                    "|valve|turn/end: desired - v-, reported 9 v-, ack - -  | in sync",
                    #"||range: desired - v-, reported {"high":2,"low":1} v8, ack - -  | in sync"#,
                ])
    }

    @Test func `what a patch adds to a component that it removed before stays`() throws {
        #expect(
            try rows(
                .patch(#"[{"op":"add","path":"/valve/open","value":1},{"op":"add","path":"/valve/turn","value":1}]"#, second: 1),
                .patch(
                    #"[{"op":"remove","path":"/valve"},{"op":"add","path":"/valve/$metadata/turn","value":{"lastUpdateTime":"2026-11-23T12:00:03Z"}},{"op":"add","path":"/valve/turn","value":2}]"#,
                    second: 5)) == ["|valve|turn: desired - v-, reported 2 v-, ack - -  | in sync"])
    }

    @Test func `a replacement, a removed component and a null take away what is older, not what is newer`() throws {
        #expect(
            try rows(
                .twin("desired", #"{"a":1,"b":1,"motor":{"__t":"c","limit":3},"$version":3}"#, second: 1),
                .twin("desired", #"{"late":1,"$version":6}"#, second: 2),
                .twin("desired", #"{"a":2,"$version":5}"#, operation: "replaceTwin", second: 3),
                .twin("reported", #"{"motor":{"__t":"c","limit":3},"gone":1,"kept":1,"$version":3}"#, second: 4),
                .twin("reported", #"{"motor":null,"gone":null,"$version":4}"#, second: 5)) == [
                    "||a: desired 2 v5, reported - v-, ack - -  | out since 3", "||kept: desired - v-, reported 1 v3, ack - -  | in sync",
                    "||late: desired 1 v6, reported - v-, ack - -  | out since 2",
                ])
    }

    @Test func `a device that is deleted and made again counts its versions anew`() throws {
        #expect(
            try rows(
                .twin("reported", #"{"a":"old","b":1,"$version":90}"#, second: 1), .deletion(second: 2),
                .twin("reported", #"{"a":"first","$version":2}"#, second: 3), .twin("reported", #"{"a":"second","$version":3}"#, second: 4)) == [
                    #"||a: desired - v-, reported "second" v3, ack - -  | in sync"#
                ])
    }

    @Test func `IoT Central's lists and events of our own compare values`() throws {
        let time = Timestamp.sample
        #expect(
            try rows(
                .properties(device: "pump", #"[{"name":"target","value":5},{"component":"motor","name":"limit","value":[1,2]}]"#, at: time),
                .native("dev.hindcast.property.reported", #"{"own":1}"#)) == [
                    "|motor|limit: desired - v-, reported [1,2] v-, ack - -  | in sync", "||own: desired - v-, reported 1 v-, ack - -  | in sync",
                    "||target: desired - v-, reported 5 v-, ack - -  | in sync",
                ])
        var log = try LogFixture(topic: "other")
        try log.append([
            .native(device: "own", "dev.hindcast.property.desired", #"{"a":1.0,"b":{"x":1,"y":2}}"#, second: 1),
            .native(device: "own", "dev.hindcast.property.reported", #"{"a":1,"b":{"y":2,"x":3}}"#, second: 2),
            .native(device: "own", "dev.hindcast.property.cloud", #"{"a":"kept"}"#, second: 3),
        ])
        var projector = try worker("second")
        try projector.turnUntilIdle()
        projector.renewAtOnce()
        try projector.turnUntilIdle()
        #expect(
            try propertyRows("own") == [
                #"||a: desired 1 v-, reported 1 v-, ack - -  | in sync, cloud "kept""#,
                #"||b: desired {"x":1,"y":2} v-, reported {"x":3,"y":2} v-, ack - -  | out since 2"#,
            ])
    }
}
