// One visitor of several lambdas: std::visit(Overloaded{[](A) {…}, [](B) {…}}, variant).
#pragma once

namespace dfb {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace dfb
