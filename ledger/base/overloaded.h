// One visitor of several lambdas: std::visit(Overloaded{[](A) {…}, [](B) {…}}, variant). And whether a variant
// holds one of several types: holds_one_of<A, B>(variant).
#pragma once
#include <variant>

namespace dfb {

template <class... Types, class Variant>
bool holds_one_of(const Variant& variant) {
  return (std::holds_alternative<Types>(variant) || ...);
}

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace dfb
