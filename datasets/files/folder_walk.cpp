// SPDX-License-Identifier: Apache-2.0
#include "datasets/files/folder_walk.h"

#include <sys/stat.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <map>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>

namespace model_search {
namespace {

namespace fs = std::filesystem;

/// A folder's device and number: the same for all links to it.
using FolderIdentity = std::pair<dev_t, ino_t>;

FolderIdentity identity_of(const fs::path& folder) {
  struct stat status {};
  if (::stat(folder.c_str(), &status) == 0) return {status.st_dev, status.st_ino};
  throw std::runtime_error("cannot read the folder '" + folder.string() +
                           "': " + std::generic_category().message(errno));
}

/// Collects the items of each folder under its path. `root` is the folder that holds the first one.
class Walk {
 public:
  Walk(const fs::path& root, const ItemKind& kind, LeftOut& left_out)
      : kind_(kind), left_out_(left_out), above_{identity_of(root)} {}

  void enter(const fs::path& folder) {
    const FolderIdentity identity = identity_of(folder);
    if (std::ranges::find(above_, identity) != above_.end()) {
      left_out_.add("links to a folder above");
      return;
    }
    above_.push_back(identity);
    for (const auto& entry : sorted_entries(folder)) {
      if (is_folder(entry) && !is_hidden(entry.path())) {
        enter(entry.path());
      } else {
        take(entry, folder);
      }
    }
    above_.pop_back();
  }
  void take(const fs::directory_entry& entry, const fs::path& folder) {
    if (is_hidden(entry.path())) {
      left_out_.add("hidden");
    } else if (is_item(entry.path(), kind_)) {
      found_[folder.native()].push_back(entry.path());
    } else {
      left_out_.add_by_name(entry.path());
    }
  }
  [[nodiscard]] std::vector<fs::path> items() const {
    std::vector<fs::path> all;
    for (const auto& [folder, items] : found_) all.insert(all.end(), items.begin(), items.end());
    return all;
  }

 private:
  const ItemKind& kind_;
  LeftOut& left_out_;
  std::vector<FolderIdentity> above_;  ///< on the way to the folder
  std::map<fs::path::string_type, std::vector<fs::path>> found_;
};

}  // namespace

bool is_item(const fs::path& path, const ItemKind& kind) {
  std::string name = path.filename().string();
  std::ranges::transform(name, name.begin(),
                         [](unsigned char letter) { return std::tolower(letter); });
  return std::ranges::any_of(kind.extensions,
                             [&](std::string_view end) { return name.ends_with(end); });
}

bool is_hidden(const fs::path& path) {
  return path.filename().native().starts_with('.');
}

bool is_folder(const fs::directory_entry& entry) {
  std::error_code ignored;
  return entry.is_directory(ignored);
}

std::vector<fs::directory_entry> sorted_entries(const fs::path& folder) {
  try {
    std::vector<fs::directory_entry> entries(fs::directory_iterator{folder}, {});
    std::ranges::sort(entries, {}, [](const auto& entry) { return entry.path().native(); });
    return entries;
  } catch (const fs::filesystem_error& error) {
    throw std::runtime_error("cannot read the folder '" + folder.string() +
                             "': " + error.code().message());
  }
}

std::vector<fs::path> walk_items(const fs::path& folder, const ItemKind& kind, LeftOut& left_out) {
  Walk walk(folder.parent_path(), kind, left_out);
  walk.enter(folder);
  return walk.items();
}

std::vector<fs::path> items_in(const fs::path& folder, const ItemKind& kind, LeftOut& left_out) {
  Walk walk(folder, kind, left_out);
  for (const auto& entry : sorted_entries(folder)) {
    if (!is_folder(entry) || is_hidden(entry.path())) walk.take(entry, folder);
  }
  return walk.items();
}

}  // namespace model_search
