import { ref } from 'vue'

/** Whether the command palette is open; its button and its key are far from each other. */
export const paletteOpen = ref(false)

/** What is searched for in it. */
export const paletteTerm = ref('')
