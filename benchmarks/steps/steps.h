// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "benchmarks/steps/step_fixture.h"

namespace model_search {

/// One maker per step; each is defined in the file that bears the step's name.
std::unique_ptr<StepFixture> make_load_model(Session& session, const Combination& combination);
std::unique_ptr<StepFixture> make_load_data(Session& session, const Combination& combination);
std::unique_ptr<StepFixture> make_data_to_device(Session& session, const Combination& combination);
std::unique_ptr<StepFixture> make_inference(Session& session, const Combination& combination);
std::unique_ptr<StepFixture> make_write_activations(Session& session,
                                                    const Combination& combination);
std::unique_ptr<StepFixture> make_score(Session& session, const Combination& combination);
std::unique_ptr<StepFixture> make_end_to_end(Session& session, const Combination& combination);
std::unique_ptr<StepFixture> make_max_batch_size(Session& session, const Combination& combination);
std::unique_ptr<StepFixture> make_blocks(Session& session, const Combination& combination);

}  // namespace model_search
