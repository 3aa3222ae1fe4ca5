// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <stdexcept>

#include "datasets/decoder.h"
#include "datasets/stb_decoder.h"

namespace model_search {

std::span<const DecoderEntry> decoder_table() {
  static constexpr std::array table{
      DecoderEntry{"stb", make_stb_decoder},
  };
  return table;
}

std::unique_ptr<Decoder> make_decoder(std::string_view name) {
  std::string choices;
  for (const DecoderEntry& entry : decoder_table()) {
    if (entry.name == name) return entry.make();
    choices += (choices.empty() ? "" : ", ") + std::string(entry.name);
  }
  throw std::invalid_argument("unknown decoder '" + std::string(name) + "': choose " + choices);
}

}  // namespace model_search
