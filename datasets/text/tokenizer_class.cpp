// SPDX-License-Identifier: Apache-2.0
#include "datasets/text/tokenizer_class.h"

#include <algorithm>
#include <array>
#include <set>

#include "datasets/files/json_text.h"
#include "datasets/text/byte_level_bpe.h"

namespace model_search {
namespace {

enum class Class { whole_file, bert, roberta };

Class class_of(const TokenizerFile& file, const TokenizerSettings& settings) {
  // The others are BertTokenizer under another name.
  static const std::set<std::string> bert{"BertTokenizer", "ElectraTokenizer",
                                          "MobileBertTokenizer", "SqueezeBertTokenizer"};
  const std::string& name = settings.tokenizer_class;
  const bool word_piece = file.kind == "wordpiece";
  const bool whole = name == "PreTrainedTokenizer" || name == "TokenizersBackend";
  if (file.complete && (whole || !settings.found)) return Class::whole_file;
  if (word_piece && (name.empty() || bert.contains(name))) return Class::bert;
  if (!word_piece && (name.empty() || name == "RobertaTokenizer")) return Class::roberta;
  throw unsupported("tokenizer_class", name,
                    word_piece ? "BertTokenizer, and PreTrainedTokenizerFast with a tokenizer.json"
                               : "RobertaTokenizer, and PreTrainedTokenizerFast with a "
                                 "tokenizer.json");
}

std::runtime_error missing(const std::string& token) {
  return std::runtime_error("the vocabulary has no '" + shortened(token) + "'");
}

/// Special tokens by the places of their keys in special_token_keys.
using NamedTokens = std::array<std::optional<TokenRule>, special_token_keys.size()>;
enum Place : std::size_t { bos, eos, unk, sep, pad, cls, mask };

/// The names that transformers' class has for special tokens where no file names them.
constexpr std::array<const char*, 7> no_names{};
constexpr std::array<const char*, 7> bert_names{nullptr, nullptr, "[UNK]", "[SEP]",
                                                "[PAD]", "[CLS]", "[MASK]"};
constexpr std::array<const char*, 7> roberta_names{"<s>",   "</s>", "<unk>", "</s>",
                                                   "<pad>", "<s>",  "<mask>"};

/// Whether a class needs a token for every sequence, or (WordPiece) for unknown words.
bool needs(Class kind, std::size_t place) {
  return (place == unk && kind == Class::bert) ||
         ((place == sep || place == pad || place == cls) && kind != Class::whole_file);
}

NamedTokens named_tokens(Class kind, const TokenizerSettings& settings) {
  const auto& standard = kind == Class::bert      ? bert_names
                         : kind == Class::roberta ? roberta_names
                                                  : no_names;
  NamedTokens tokens;
  for (std::size_t place = 0; place < tokens.size(); ++place) {
    if (standard[place] != nullptr) tokens[place] = TokenRule{.content = standard[place]};
    const auto found = settings.named.find(special_token_keys[place]);
    if (found == settings.named.end()) continue;
    tokens[place] = found->second;
    if (!found->second && needs(kind, place)) {
      throw unsupported(found->first, nullptr, "a token");
    }
  }
  return tokens;
}

/// Gives named tokens that are listed the rule of the list, and refuses a vocabulary without the
/// tokens of every sequence, for which transformers would make up an id.
void look_up(Class kind, const TokenizerFile& file, const std::map<std::int64_t, TokenRule>& listed,
             NamedTokens& named) {
  std::map<std::string_view, const TokenRule*> by_content;
  for (const auto& [id, rule] : listed) by_content[rule.content] = &rule;
  for (std::size_t place = 0; place < named.size(); ++place) {
    if (!named[place]) continue;
    const auto found = by_content.find(named[place]->content);
    if (found != by_content.end()) {
      named[place] = *found->second;
    } else if (const std::string& token = named[place]->content;
               needs(kind, place) && !file.vocabulary.find(token)) {
      if (!file.vocabulary.find("\xEF\xBB\xBF" + token)) throw missing(token);
      throw std::runtime_error("the vocabulary has '" + shortened(token) +
                               "' only after a byte-order mark (EF BB BF): remove these bytes");
    }
  }
}

/// Adds listed, named and extra tokens, in this order, as transformers does.
void add_tokens(const std::map<std::int64_t, TokenRule>& listed, const NamedTokens& named,
                const std::vector<TokenRule>& extra, AddedVocabulary& added) {
  std::set<std::string> known;
  for (const auto& [content, id] : added.ids()) known.insert(content);
  std::vector<TokenRule> tokens;
  for (const auto& [id, rule] : listed) {
    known.insert(rule.content);
    tokens.push_back(rule);
  }
  const auto add = [&](const TokenRule& rule) {
    if (!known.contains(rule.content)) tokens.push_back(rule);
  };
  std::set<std::string> special;
  for (const auto& token : named) {
    if (!token) continue;
    special.insert(token->content);
    add(*token);
  }
  for (const TokenRule& token : extra) add(token);
  for (TokenRule& token : tokens) token.special = token.special || special.contains(token.content);
  added.add(tokens);
}

std::int32_t id_of(const AddedVocabulary& added, const std::string& token) {
  if (const auto id = added.find(token)) return *id;
  throw missing(token);
}

/// Takes the class's value of a setting. Refuses to drop the file's value where nobody asks for it.
template <typename Value>
void settle(const TokenizerFile& file, const char* key, const char* setting, bool stated,
            const Value& made, Value& value) {
  if (file.complete && !stated && value != made) {
    throw unsupported(key, value,
                      nlohmann::json(made).dump() +
                          ", which transformers takes here; or say it in tokenizer_config.json (" +
                          setting + ")");
  }
  value = made;
}

constexpr const char* by_class = R"("tokenizer_class": "PreTrainedTokenizerFast")";

void settle_rules(Class kind, const TokenizerSettings& settings, const NamedTokens& named,
                  TokenizerFile& file) {
  if (kind == Class::roberta) {
    settle(file, "pre_tokenizer.add_prefix_space", "add_prefix_space",
           settings.add_prefix_space.has_value(), settings.add_prefix_space.value_or(false),
           file.add_prefix_space);
    file.unknown.reset();
    return;
  }
  WordPieceRules& rules = file.rules;
  settle(file, "normalizer.lowercase", "do_lower_case", settings.lower_case.has_value(),
         settings.lower_case.value_or(true), rules.lower_case);
  settle(file, "normalizer.handle_chinese_chars", "tokenize_chinese_chars",
         settings.handle_ideographs.has_value(), settings.handle_ideographs.value_or(true),
         rules.handle_ideographs);
  const bool strip = settings.strip_accents.value_or(rules.lower_case);
  rules.strip_accents = file.strip_accents.value_or(strip);
  settle(file, "normalizer.strip_accents", "strip_accents", settings.strip_accents_stated, strip,
         rules.strip_accents);
  const WordPieceRules standard;
  settle(file, "normalizer.clean_text", by_class, false, standard.clean_text, rules.clean_text);
  settle(file, "model.continuing_subword_prefix", by_class, false, standard.continuation,
         rules.continuation);
  settle(file, "model.max_input_chars_per_word", by_class, false, standard.longest_word,
         rules.longest_word);
  std::string unknown = file.unknown.value_or(named[unk]->content);
  settle(file, "model.unk_token", "unk_token", settings.named.contains("unk_token"),
         named[unk]->content, unknown);
  file.unknown = unknown;
}

void settle_sequence(Class kind, const NamedTokens& named, const AddedVocabulary& added,
                     TokenizerFile& file) {
  SequenceTokens& sequence = file.sequence;
  if (kind != Class::whole_file) {
    settle(file, "the ids of post_processor before a text", by_class, false,
           std::vector{id_of(added, named[cls]->content)}, sequence.before);
    settle(file, "the ids of post_processor after a text", by_class, false,
           std::vector{id_of(added, named[sep]->content)}, sequence.after);
  }
  const std::string standard = file.kind == "wordpiece" ? "[PAD]" : "<pad>";
  sequence.padding =
      id_of(added, named[pad] ? named[pad]->content : file.padding.value_or(standard));
}

}  // namespace

std::unique_ptr<const Tokenizer> make_tokenizer(TokenizerFile file,
                                                const TokenizerSettings& settings) {
  const Class kind = class_of(file, settings);
  std::map<std::int64_t, TokenRule> listed = settings.listed;
  AddedVocabulary added(file.vocabulary);
  if (kind == Class::whole_file) {
    std::vector<TokenRule> rules;
    for (const auto& [id, rule] : file.added) rules.push_back(rule);
    added.add(rules);
  }
  if (settings.found && !settings.decoder) {
    for (const auto& [id, rule] : file.added) listed.insert_or_assign(id, rule);
  }
  NamedTokens named = named_tokens(kind, settings);
  look_up(kind, file, listed, named);
  add_tokens(listed, named, settings.extra.value_or(std::vector<TokenRule>{}), added);
  if (kind != Class::whole_file) settle_rules(kind, settings, named, file);
  std::optional<std::int32_t> unknown;
  if (file.unknown) unknown = file.vocabulary.find(*file.unknown);
  if (file.kind == "wordpiece" && !unknown) throw missing(*file.unknown);
  settle_sequence(kind, named, added, file);
  for (const auto& [content, id] : added.ids()) file.vocabulary.reserve(content, id);
  const AddedTokenLists tokens = added.tokens();
  if (file.kind == "wordpiece") {
    return make_word_piece(std::move(file.vocabulary), *unknown, std::move(file.rules), tokens,
                           std::move(file.sequence));
  }
  return make_byte_level_bpe(std::move(file.vocabulary), file.merges, unknown,
                             file.add_prefix_space, tokens, std::move(file.sequence));
}

}  // namespace model_search
