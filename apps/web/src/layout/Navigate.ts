import { defineComponent } from 'vue'
import { useRouter } from 'vue-router'

/** Goes to another page instead of this one, leaving no trace in the history. */
export const Navigate = defineComponent({
  props: { to: { type: String, required: true } },
  setup(props) {
    void useRouter().replace(props.to)
    return () => null
  },
})
