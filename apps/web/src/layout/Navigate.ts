import { defineComponent, type PropType } from 'vue'
import { type RouteLocationRaw, useRouter } from 'vue-router'

/** Replaces this page with another one, without an entry in the history. */
export const Navigate = defineComponent({
  props: { to: { type: [String, Object] as PropType<RouteLocationRaw>, required: true } },
  setup(props) {
    void useRouter().replace(props.to)
    return () => null
  },
})
