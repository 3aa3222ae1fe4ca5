// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "datasets/files/fingerprint.h"
#include "datasets/text/added_tokens.h"
#include "datasets/text/unicode.h"

namespace model_search {

/// The tokens around a sequence, and the token that pads it.
struct SequenceTokens {
  std::vector<std::int32_t> before;  ///< [CLS], <s>
  std::vector<std::int32_t> after;   ///< [SEP], </s>
  std::int32_t padding = 0;

  void describe(Fingerprint& fingerprint) const {
    for (const auto* ids : {&before, &after}) {
      for (const std::int32_t id : *ids) fingerprint.add(static_cast<std::uint64_t>(id));
      fingerprint.add("|");
    }
    fingerprint.add(static_cast<std::uint64_t>(padding));
  }
};

/// What WordPiece and BPE share: fills `ids` with the tokens before, then with what
/// `segment(text, end, ids)` appends for the parts between added tokens (at least up to `end` ids,
/// or all of the part), cut off at `end`, then with the tokens after; `max_length` in all.
template <typename Segment>
void encode_sequence(std::string_view text, std::size_t max_length, const SequenceTokens& sequence,
                     const AddedTokens& added, const Segment& segment,
                     std::vector<std::int32_t>& ids) {
  ids.assign(sequence.before.begin(), sequence.before.end());
  const std::size_t special = sequence.before.size() + sequence.after.size();
  const std::size_t end =
      sequence.before.size() + (max_length > special ? max_length - special : 0);
  thread_local std::string replaced;
  (void)added.split(
      valid_utf8(text, replaced),
      [&](std::string_view part) {
        segment(part, end, ids);
        return ids.size() < end;
      },
      [&](std::int32_t id) {
        ids.push_back(id);
        return ids.size() < end;
      });
  if (ids.size() > end) ids.resize(end);
  ids.insert(ids.end(), sequence.after.begin(), sequence.after.end());
}

}  // namespace model_search
