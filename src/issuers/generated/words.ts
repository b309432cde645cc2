/** 256 common words, so that each is worth exactly 8 bits. */
export const WORDS: readonly string[] = `
acid acorn actor adobe agile alarm album alert alley amber angle ankle apple apron arena armor arrow
aspen atlas attic badge bagel baker banjo basil basin beach beard berry birch bison blade blaze
bloom board bonus boost brave bread brick bride brook broom brush cabin cable cacao camel canal
candy canoe cargo carol cedar chain chalk charm chess chief cider cliff clock cloud clove coach
cobra comet coral couch crane crate creek crown crust curry dairy daisy dance delta denim depot
diary diner dodge dough dozen draft drama dream dress drift drill drum dune eagle earth easel elbow
elder ember envoy epoch equal fable fairy falcon fancy farm feast fence ferry fever fiber field
finch flame flask fleet flint flour flute focus forge forum fossil frame frost fruit fudge gauge
ghost giant ginger glade glass globe glove grain grape grove guest guide habit hammer harbor hazel
heron hinge hobby honey horse hotel house hydro igloo index ivory jacket jelly jewel joker judge
juice jungle kayak kettle kiosk knight koala label ladder lagoon lamp lantern laser lemon lever
lilac linen llama lobby locket lotus lunar magnet mango maple marble meadow melon mentor metal mint
mirror model moose mosaic motor mouse museum napkin needle nickel noble north novel oasis ocean
olive onion opera orbit orchid otter oxide oyster paddle panda paper parade parrot pasta peach pearl
pebble pepper piano pigeon pilot planet plaza plum polar pony poplar quartz queen quill rabbit radar
radio raven ribbon river robin rocket saddle salmon satin scarf tiger tulip walnut willow yacht
zebra
`
  .trim()
  .split(/\s+/);
