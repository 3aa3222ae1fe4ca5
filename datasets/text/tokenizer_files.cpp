// SPDX-License-Identifier: Apache-2.0
#include <stdexcept>

#include "datasets/files/json_text.h"
#include "datasets/text/text_file.h"
#include "datasets/text/tokenizer.h"
#include "datasets/text/tokenizer_class.h"

namespace model_search {
namespace {

namespace fs = std::filesystem;

/// Lines without their ends; the last one may lack its own.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t begin = 0; begin < text.size();) {
    std::size_t end = text.find('\n', begin);
    if (end == std::string::npos) end = text.size();
    std::string line = text.substr(begin, end - begin);
    if (line.ends_with('\r')) line.pop_back();
    lines.push_back(std::move(line));
    begin = end + 1;
  }
  return lines;
}

TokenizerFile parse_word_piece(const std::string& text) {
  std::string buffer;
  if (valid_utf8(text, buffer).data() != text.data()) throw std::runtime_error("it is not UTF-8");
  TokenizerFile file;
  file.kind = "wordpiece";
  std::int32_t id = 0;
  for (const std::string& line : lines_of(text)) {
    // White space at the end of a line is not a part of the token.
    file.vocabulary.add(line.substr(0, length_without_space(line)), id++);
  }
  return file;
}

std::vector<std::pair<std::string, std::string>> parse_merges(const std::string& text) {
  // It would be a part of the first token; tokenizers fails for want of that, too.
  if (text.starts_with("\xEF\xBB\xBF")) {
    throw std::runtime_error("it begins with a byte-order mark (EF BB BF): remove these bytes");
  }
  std::vector<std::pair<std::string, std::string>> merges;
  std::size_t number = 0;
  for (const std::string& line : lines_of(text)) {
    ++number;
    if (line.starts_with("#version") || line.empty()) continue;
    const std::size_t blank = line.find(' ');
    if (blank == 0 || blank == std::string::npos || blank + 1 == line.size() ||
        line.find(' ', blank + 1) != std::string::npos) {
      throw std::runtime_error("line " + std::to_string(number) + ", '" + shortened(line) +
                               "', is not a pair of tokens");
    }
    merges.emplace_back(line.substr(0, blank), line.substr(blank + 1));
  }
  return merges;
}

TokenizerFile parse_bpe(const std::string& text) {
  TokenizerFile file;
  file.kind = "bpe";
  const nlohmann::json tokens = parse_json(text);
  for (const auto& [token, id] : tokens.items()) file.vocabulary.add(token, read_id(token, id));
  return file;
}

/// The file of a folder that defines its tokenizer.
fs::path find_in(const fs::path& folder) {
  for (const char* name : {"tokenizer.json", "vocab.txt"}) {
    if (fs::exists(folder / name)) return folder / name;
  }
  if (fs::exists(folder / "vocab.json") && fs::exists(folder / "merges.txt")) {
    return folder / "vocab.json";
  }
  throw std::runtime_error("the folder '" + folder.string() +
                           "' has no tokenizer; expected: tokenizer.json, vocab.txt, or "
                           "vocab.json and merges.txt");
}

}  // namespace

std::unique_ptr<const Tokenizer> load_tokenizer(const fs::path& path) {
  std::error_code error;
  const fs::path file = fs::is_directory(path, error) ? find_in(path) : path;
  const bool vocabulary = file.extension() == ".txt" || file.filename() == "vocab.json";
  if (!vocabulary && file.extension() != ".json") {
    throw std::runtime_error(
        "'" + path.string() +
        "' is not a tokenizer: expected tokenizer.json, vocab.txt, vocab.json, or "
        "a folder with them");
  }
  return parse_file(file, [&](const std::string& text) {
    TokenizerFile read = !vocabulary                  ? parse_tokenizer_json(text)
                         : file.extension() == ".txt" ? parse_word_piece(text)
                                                      : parse_bpe(text);
    if (read.kind == "bpe" && vocabulary) {
      read.merges = parse_file(file.parent_path() / "merges.txt", parse_merges);
    }
    // A file under a name of its own stands alone.
    const bool alone = !vocabulary && file.filename() != "tokenizer.json";
    return make_tokenizer(
        std::move(read), alone ? TokenizerSettings{} : read_tokenizer_settings(file.parent_path()));
  });
}

}  // namespace model_search
