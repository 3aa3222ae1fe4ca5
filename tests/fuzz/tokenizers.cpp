// SPDX-License-Identifier: Apache-2.0
// A tokenizer's files and a text, separated by zero bytes. The first byte says which files they
// are.
#include <array>
#include <vector>

#include "datasets/text/tokenizer.h"
#include "tests/fuzz/input.h"

using namespace model_search;

namespace {

using Names = std::vector<const char*>;
const std::array<Names, 3> kinds{
    Names{"tokenizer.json", "tokenizer_config.json"},
    Names{"vocab.txt", "tokenizer_config.json", "added_tokens.json", "special_tokens_map.json"},
    Names{"vocab.json", "merges.txt", "tokenizer_config.json", "added_tokens.json",
          "special_tokens_map.json"}};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = text_of(data, size);
  if (rest.empty()) return 0;
  const Names& names = kinds.at(static_cast<unsigned char>(rest.front()) % kinds.size());
  rest.remove_prefix(1);
  for (const auto& entry : std::filesystem::directory_iterator(scratch_folder())) {
    std::filesystem::remove(entry.path());
  }
  for (const char* name : names) {
    const std::string_view part = next_part(rest);
    if (!part.empty()) write_scratch(name, part);
  }
  must_end([&] {
    const auto tokenizer = load_tokenizer(scratch_folder());
    std::vector<std::int32_t> ids;
    tokenizer->encode(rest, 64, ids);
    if (ids.size() > 64) __builtin_trap();
    for (const std::int32_t id : ids) {
      if (id < 0 || id >= tokenizer->vocabulary_size()) __builtin_trap();
    }
  });
  return 0;
}
