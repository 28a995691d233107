// simdjson behind a C function, for comparing verdicts. Links with Debian's libsimdjson; never part of the product.
#include "shim.h"

#include <cstring>
#include <simdjson.h>

using namespace simdjson;

namespace {

// FNV-1a over bytes; the Swift side computes the same over its own tape.
struct Digest {
    uint64_t value = 0xcbf29ce484222325u;
    void byte(uint8_t byte) { value = (value ^ byte) * 0x100000001b3u; }
    void word(uint64_t word) {
        for (int shift = 0; shift < 64; shift += 8) byte(uint8_t(word >> shift));
    }
    void text(std::string_view text) {
        word(text.size());
        for (char character : text) byte(uint8_t(character));
    }
    void number(double number) {
        uint64_t bits;
        std::memcpy(&bits, &number, sizeof bits);
        byte('d');
        word(bits);
    }
};

void walk(dom::element element, Digest &digest) {
    switch (element.type()) {
    case dom::element_type::NULL_VALUE: digest.byte('n'); break;
    case dom::element_type::BOOL: digest.byte(element.get_bool().value_unsafe() ? 't' : 'f'); break;
    case dom::element_type::STRING:
        digest.byte('s');
        digest.text(element.get_string().value_unsafe());
        break;
    case dom::element_type::INT64:
        digest.byte('i');
        digest.word(uint64_t(element.get_int64().value_unsafe()));
        break;
    case dom::element_type::UINT64: digest.number(double(element.get_uint64().value_unsafe())); break;
    case dom::element_type::DOUBLE: digest.number(element.get_double().value_unsafe()); break;
    case dom::element_type::ARRAY:
        digest.byte('[');
        for (dom::element child : dom::array(element)) walk(child, digest);
        digest.byte(']');
        break;
    case dom::element_type::OBJECT:
        digest.byte('{');
        for (dom::key_value_pair member : dom::object(element)) {
            digest.text(member.key);
            walk(member.value, digest);
        }
        digest.byte('}');
        break;
    }
}

} // namespace

extern "C" simdjson_verdict simdjson_judge(const uint8_t *bytes, size_t count) {
    static dom::parser parser;
    dom::element root;
    error_code error = parser.parse(bytes, count, true).get(root);
    if (error) return {int32_t(error), 0};
    Digest digest;
    walk(root, digest);
    return {0, digest.value};
}

extern "C" const char *simdjson_error_name(int32_t error) { return error_message(error_code(error)); }
